/** The name of a distribution that is wished for by its place alone: only the distribution itself knows it. */

import { basename } from 'node:path';
import { TercetError } from '../ground/error.ts';
import type { IndexClient } from '../index/client.ts';
import { type ProjectName, projectName } from '../names/name.ts';
import { requirementFromTable } from '../requirements/poetry-table.ts';
import type { WishTable } from './parse-wish.ts';

/** Reads (and where it must, downloads) the distribution. Throws `no-distribution` where there is none, or none that says its name. */
export async function nameOfDistribution(index: IndexClient, table: WishTable): Promise<ProjectName> {
  const place = table.git ?? table.url ?? table.path ?? '';
  const { origin } = requirementFromTable('unknown', { ...table });
  const answer = await index.origin(projectName(basename(place) || 'unknown'), origin);
  if (!('kind' in answer)) return projectName(answer.prettyName);
  const reason =
    answer.kind === 'no-metadata'
      ? answer.detail
      : answer.kind === 'offline'
        ? 'the network may not be used'
        : 'nothing was found';
  throw new TercetError('no-distribution', `The package at ${place} cannot be added: ${reason}`);
}

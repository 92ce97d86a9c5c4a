/** `docker init`: the best Dockerfile for the project, and `.dockerignore`. */

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DOCKERIGNORE, dockerfile } from '../deployment/dockerfile.ts';
import { START_FILES } from '../deployment/start-command.ts';
import { presentEnvironment } from '../environments/ensure.ts';
import { isSane } from '../environments/environment.ts';
import { atomicWrite } from '../files/atomic-write.ts';
import { TercetError } from '../ground/error.ts';
import { withoutCredentials } from '../ground/redact.ts';
import { findInstallation } from '../releases/installation.ts';
import type { Context } from './context.ts';
import { projectPlace } from './project-environment.ts';
import { readProjectFacts } from './project-facts.ts';

export interface DockerInitOptions {
  /** Path of the running executable. */
  readonly executable: string;
  /** The base image; undefined: chosen. */
  readonly base: string | undefined;
  /** Write over files that are there. */
  readonly force: boolean;
}

/** Throws `file-exists`, `no-lock`, and what reading the project throws. */
export async function dockerInit(context: Context, { executable, base, force }: DockerInitOptions): Promise<void> {
  const facts = await readProjectFacts(context, ['.python-version', ...START_FILES]);
  if (facts.lockState === 'missing') {
    throw new TercetError('no-lock', 'There is no poetry.lock, from which the image would be built', {
      hints: ['run `tercet lock`'],
    });
  }
  if (facts.lockState === 'stale') {
    const text = 'Warning: poetry.lock is older than pyproject.toml: the build will fail until `tercet lock` has run.';
    context.emit({ kind: 'warning', text });
  }
  const installation = findInstallation(executable);
  const releases = installation.kind === 'own' ? withoutCredentials(installation.receipt.baseUrl) : undefined;
  const environment = presentEnvironment(await projectPlace(context));
  const tried = environment !== undefined && isSane(environment) ? (await environment.facts()).version : undefined;
  const text = dockerfile(facts, {
    toolVersion: context.toolVersion,
    releases,
    tried: tried === undefined ? undefined : /^\d+\.\d+/.exec(tried)?.[0],
    ...(base === undefined ? {} : { base }),
  });
  const { directory } = await context.project();
  const wanted = [
    ['Dockerfile', text],
    ['.dockerignore', DOCKERIGNORE],
  ] as const;
  const there = wanted.map(([name]) => name).filter((name) => existsSync(join(directory, name)));
  if (there.length > 0 && !force) {
    throw new TercetError('file-exists', `${there.join(' and ')} ${there.length > 1 ? 'are' : 'is'} there already`, {
      hints: ['--force writes over them; `tercet doctor` says what it thinks of them'],
    });
  }
  for (const [name, contents] of wanted) {
    atomicWrite(join(directory, name), contents);
    context.emit({ kind: 'line', text: `Created ${name}` });
  }
}

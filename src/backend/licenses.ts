/** Licence files of a project (PEP 639): those its globs name, else those with the usual names. */

import { join } from 'node:path';
import { compareCodePoints } from '../ground/code-points.ts';
import { TercetError } from '../ground/error.ts';
import type { Manifest } from '../manifest/manifest.ts';
import { asString, asStrings, asTable } from '../toml/read.ts';
import { isFile, relativeTo } from './_paths.ts';
import { allBelow, globSorted } from './glob.ts';

const USUAL = ['COPYING*', 'LICEN[SC]E*', 'AUTHORS*', 'NOTICE*'];

/** Paths below the project with `/`, in the order of their texts. Throws `license-not-found` for a glob that matches no file. */
export function licenseFiles({ toml }: Manifest, projectDir: string): readonly string[] {
  const project = asTable(toml.project) ?? {};
  const relative = (paths: readonly string[]): string[] =>
    paths.filter(isFile).map((path) => relativeTo(projectDir, path));
  const found = new Set<string>();
  if (project['license-files'] !== undefined) {
    for (const glob of asStrings(project['license-files'])) {
      const files = relative(globSorted(projectDir, glob));
      if (files.length === 0) {
        throw new TercetError('license-not-found', `No files found for license file glob pattern '${glob}'`);
      }
      for (const file of files) found.add(file);
    }
  } else {
    const named = licensePath({ toml });
    const own = named === undefined ? [] : [join(projectDir, named)];
    const usual = USUAL.flatMap((glob) => globSorted(projectDir, glob));
    const folder = [...allBelow(join(projectDir, 'LICENSES'))].map(({ path }) => path);
    for (const file of relative([...own, ...usual, ...folder])) found.add(file);
  }
  return [...found].sort(compareCodePoints);
}

/** The file that `project.license.file` names where no `text` is given, relative to the project. */
export function licensePath({ toml }: Pick<Manifest, 'toml'>): string | undefined {
  const license = asTable(asTable(toml.project)?.license);
  return asString(license?.text) ? undefined : asString(license?.file);
}

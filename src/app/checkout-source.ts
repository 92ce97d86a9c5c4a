/** The source tree of a locked git package. */

import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { TercetError } from '../ground/error.ts';
import { withoutCredentials } from '../ground/redact.ts';
import { checkoutGit, type GitLogin } from '../index/git-origin.ts';
import type { LockedPackage } from '../lock/lock.ts';

/**
 * Puts the locked commit below `parent`, in a folder named after the repository, and answers with the clone and the project's folder in
 * it. Throws `git-failed`, `offline`, `tree-missing`.
 */
export async function checkoutSource(
  locked: LockedPackage,
  parent: string,
  { offline, gitLogin }: { readonly offline: boolean; readonly gitLogin: GitLogin },
): Promise<{ readonly tree: string; readonly clone: string }> {
  const { url = '', reference, resolvedReference, subdirectory } = locked.source ?? {};
  if (offline && !/^(?:file:|\/)/.test(url)) {
    throw new TercetError(
      'offline',
      `${withoutCredentials(url)} is not in the cache, and the network may not be used`,
      {
        hints: ['Run the command once without `--offline` (or TERCET_OFFLINE).'],
      },
    );
  }
  const name =
    url
      .replace(/\/+$/, '')
      .split(/[/:]/)
      .at(-1)
      ?.replace(/\.git$/, '') || locked.name;
  const clone = join(parent, name === '..' || name === '.' ? locked.name : name);
  mkdirSync(clone, { recursive: true });
  const wanted = resolvedReference ?? reference;
  await checkoutGit(url, wanted === undefined ? undefined : { kind: 'rev', name: wanted }, clone, gitLogin);
  const tree = subdirectory === undefined ? clone : join(clone, subdirectory);
  if (!existsSync(tree)) {
    const where = withoutCredentials(url);
    throw new TercetError(
      'tree-missing',
      `${where} has no folder ${subdirectory}, which the lock names for ${locked.name}`,
    );
  }
  return { tree, clone };
}

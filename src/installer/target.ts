/** Where distributions are installed: an environment's folders and its interpreter. */

import { join, posix, relative, sep } from 'node:path';
import type { Environment } from '../environments/environment.ts';
import type { InterpreterFacts } from '../python/facts.ts';
import type { Scheme } from './wheel.ts';
import type { Launchers } from './windows-launcher.ts';

export interface InstallTarget {
  /** The environment's folder. */
  readonly prefix: string;
  /** What scripts call. */
  readonly python: string;
  readonly purelib: string;
  readonly platlib: string;
  readonly scripts: string;
  readonly data: string;
  /** The folder of header folders. */
  readonly include: string;
  /** What scripts are started by, on Windows. */
  readonly launchers?: Launchers | undefined;
}

/** The folders of an environment. Asks its interpreter (usually from the cache). */
export async function installTarget(environment: Environment): Promise<InstallTarget> {
  return targetOf(environment, await environment.facts());
}

/** The same where the facts of the environment's interpreter are known. */
export async function targetOf(
  { path, python }: Pick<Environment, 'path' | 'python'>,
  facts: InterpreterFacts,
): Promise<InstallTarget> {
  const { purelib, platlib, scripts, data, include } = facts.paths;
  const launchers =
    process.platform === 'win32' ? (await import('./read-launchers.ts')).readLaunchers(facts) : undefined;
  return { prefix: path, python, purelib, platlib, scripts, data, include, launchers };
}

/** The folder of a scheme, for a distribution's own headers with its name. */
export function schemeFolder(
  target: InstallTarget,
  scheme: Scheme,
  wheel: { readonly purelib: boolean; readonly distribution: string },
): string {
  switch (scheme) {
    case 'root':
      return wheel.purelib ? target.purelib : target.platlib;
    case 'headers':
      return join(target.include, wheel.distribution);
    default:
      return target[scheme];
  }
}

/** `path` as RECORD names it: relative to `folder`, with `/`. */
export function recordPath(folder: string, path: string): string {
  const plain = relative(folder, path);
  return sep === posix.sep ? plain : plain.split(sep).join(posix.sep);
}

/** Which interpreter tells what a source requires when there is nothing to install into. */

import { TercetError } from '../ground/error.ts';
import type { InterpreterFacts } from '../python/facts.ts';
import type { Context } from './context.ts';

/**
 * The interpreter of the project's environment, else the preferred one; where the project does not support that, the newest that it
 * supports. Undefined where there is no Python at all.
 */
export async function interpreterForLocking(context: Context): Promise<InterpreterFacts | undefined> {
  const [{ allInterpreters, preferredInterpreter }, { discoverOptions }, { isSane }, configuration] = await Promise.all(
    [
      import('../python/discover.ts'),
      import('../environments/place.ts'),
      import('../environments/environment.ts'),
      context.configuration(),
    ],
  );
  const directory = context.projectDirectory();
  if (directory !== undefined) {
    const { findProjectEnvironment } = await import('./project-environment.ts');
    const present = await quietly(async () => findProjectEnvironment(context));
    if (present !== undefined && isSane(present)) {
      const facts = await quietly(() => present.facts());
      if (facts !== undefined) return facts;
    }
  }
  const options = discoverOptions({
    directory: directory ?? context.cwd,
    name: undefined,
    configuration,
    env: context.env,
    cwd: context.cwd,
  });
  const preferred = await quietly(() => preferredInterpreter(options));
  if (directory === undefined) return preferred?.facts;
  const [{ manifest }, { allows }, { parseVersion }] = await Promise.all([
    context.project(),
    import('../versions/version-range.ts'),
    import('../versions/version.ts'),
  ]);
  const fits = ({ version }: InterpreterFacts): boolean => allows(manifest.python, parseVersion(version));
  if (preferred !== undefined && fits(preferred.facts)) return preferred.facts;
  const all = await allInterpreters(options);
  return all.find(({ facts }) => fits(facts))?.facts ?? preferred?.facts ?? all[0]?.facts;
}

/** Undefined in place of an error for the user: an environment that is broken is not what this is about. */
async function quietly<T>(ask: () => Promise<T | undefined>): Promise<T | undefined> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof TercetError) return undefined;
    throw error;
  }
}

/** `bundle venv`: the project and what is locked for it in a virtual environment of its own, nothing in it editable. */

import { existsSync, lstatSync, mkdtempSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createEnvironment } from '../environments/create.ts';
import type { Environment } from '../environments/environment.ts';
import { discoverOptions } from '../environments/place.ts';
import { removeTree } from '../files/remove.ts';
import { sha256 } from '../files/sha256.ts';
import { TercetError } from '../ground/error.ts';
import { isFresh } from '../lock/freshness.ts';
import type { Lock } from '../lock/lock.ts';
import {
  compatibleInterpreter,
  type Interpreter,
  interpreterByName,
  preferredInterpreter,
} from '../python/discover.ts';
import { parseVersion } from '../versions/version.ts';
import { allows } from '../versions/version-range.ts';
import { build } from './build.ts';
import type { Context } from './context.ts';
import { installProject } from './install-project.ts';
import { readLockFile } from './lock-file.ts';
import { ensureOptions, installWheelFile, projectPlace } from './project-environment.ts';
import { type GroupOptions, selectGroups } from './selection.ts';

export interface BundleOptions {
  /** The environment's folder, absolute. */
  readonly path: string;
  /** A version, a name or a path. Default: the one that the project would get. */
  readonly python: string | undefined;
  /** Replace what is there. Default: only an environment is replaced. */
  readonly clear: boolean;
  readonly compile: boolean;
  readonly groups: GroupOptions;
}

/** Answers with the exit code. Throws `lock-missing`, `lock-stale`, `python-not-found`, `not-empty`, and what installing throws. */
export async function bundleVenv(context: Context, options: BundleOptions): Promise<number> {
  const { manifest, lockPath } = await context.project();
  const { path } = options;
  const lock = await readLockFile(lockPath);
  if (lock === undefined)
    throw new TercetError('lock-missing', `${lockPath} does not exist.`, { hints: ['`tercet lock` writes it'] });
  if (!isFresh(lock, manifest.toml, sha256)) {
    const text =
      'pyproject.toml changed significantly since poetry.lock was last generated. Run `poetry lock` to fix the lock file.';
    throw new TercetError('lock-stale', text);
  }
  const interpreter = await interpreterFor(context, options.python);
  const subject = `${manifest.prettyName ?? 'project'} (${manifest.version ?? '0'}) into ${path}`;
  const say = (text: string): void => context.emit({ kind: 'line', text: `  • ${text}` });
  context.emit({ kind: 'line', text: '' });
  say(`Bundling ${subject}`);
  const which = options.python === undefined ? 'Poetry-determined Python' : `Python ${interpreter.executable}`;
  say(`Bundling ${subject}: Creating a virtual environment using ${which}`);
  refuseForeign(path, options.clear);
  removeTree(path);
  const environment = await emptyEnvironment(context, path, interpreter);
  say(`Bundling ${subject}: Installing dependencies`);
  const inner: Context = {
    ...context,
    emit: context.verbosity >= 3 ? context.emit : () => {},
    environment: () => Promise.resolve(environment),
  };
  const { groups, warnings } = selectGroups(manifest, options.groups);
  for (const text of warnings) context.emit({ kind: 'warning', text });
  try {
    await installProject(inner, {
      lock: withoutEditables(lock),
      groups,
      extras: [],
      sync: true,
      dryRun: false,
      compile: options.compile,
    });
  } catch (error) {
    say(`Bundling ${subject}: Failed at step Installing dependencies`);
    throw error;
  }
  let warning: string | undefined;
  if (manifest.packageMode) {
    say(`Bundling ${subject}: Installing ${manifest.prettyName} (${manifest.version})`);
    warning = await installBuilt(inner, environment);
  }
  say(`Bundled ${subject}`);
  if (warning !== undefined) say(warning);
  return 0;
}

async function interpreterFor(context: Context, python: string | undefined): Promise<Interpreter> {
  const { manifest } = await context.project();
  const options = discoverOptions(await projectPlace(context));
  const fits = (version: string): boolean => allows(manifest.python, parseVersion(version));
  if (python !== undefined) {
    const found = await interpreterByName(options, python);
    if (found !== undefined) return found;
    throw new TercetError('python-not-found', `No Python ${python} was found.`, {
      hints: ['`tercet python list` names those that there are'],
    });
  }
  const preferred = await preferredInterpreter(options);
  if (preferred !== undefined && fits(preferred.facts.version)) return preferred;
  const found = await compatibleInterpreter(options, fits);
  if (found !== undefined) return found;
  throw new TercetError('python-not-found', `No Python fits \`${manifest.pythonVersions}\`.`, {
    hints: ['`tercet python install VERSION` downloads one'],
  });
}

/** Only an environment, or an empty folder, is replaced unasked. */
function refuseForeign(path: string, clear: boolean): void {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found === undefined || clear) return;
  if (found.isDirectory() && (readdirSync(path).length === 0 || existsSync(join(path, 'pyvenv.cfg')))) return;
  throw new TercetError('not-empty', `${path} is there already and is no virtual environment.`, {
    hints: ['`--clear` replaces it'],
  });
}

async function emptyEnvironment(context: Context, path: string, { facts }: Interpreter): Promise<Environment> {
  const { configuration, installPip } = await ensureOptions(context);
  return createEnvironment({
    path,
    interpreter: facts,
    alwaysCopy: configuration.get('virtualenvs.options.always-copy'),
    systemSitePackages: configuration.get('virtualenvs.options.system-site-packages'),
    installPip: configuration.get('virtualenvs.options.no-pip') ? undefined : installPip,
    emit: context.emit,
  });
}

function withoutEditables(lock: Lock): Lock {
  return { ...lock, packages: lock.packages.map((one) => (one.develop === true ? { ...one, develop: false } : one)) };
}

/** Builds the project's wheel and installs it; a warning where the project has no package. */
async function installBuilt(context: Context, environment: Environment): Promise<string | undefined> {
  const output = mkdtempSync(join(tmpdir(), 'tercet-bundle-'));
  try {
    await build(context, { formats: ['wheel'], output, clean: false, configSettings: new Map() });
    const wheel = readdirSync(output).find((name) => name.endsWith('.whl'));
    if (wheel !== undefined)
      await installWheelFile(context, join(output, wheel), environment, await environment.facts());
    return undefined;
  } catch (error) {
    const isMissing = error instanceof TercetError && error.code === 'root-not-found';
    if (!isMissing || /readme|licen[cs]e/i.test(error.message)) throw error;
    return 'The root package was not installed because no matching module or package was found.';
  } finally {
    removeTree(output);
  }
}

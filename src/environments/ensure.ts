/** The project's environment, made or repaired where it has to be; and the one that `env use` asks for. */

import { lstatSync, mkdirSync, readdirSync, statSync, unlinkSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { TercetError } from '../ground/error.ts';
import type { Emit } from '../ground/events.ts';
import { compatibleInterpreter, type Interpreter, preferredInterpreter } from '../python/discover.ts';
import type { InterpreterFacts } from '../python/facts.ts';
import { pyenvRoot } from '../python/pyenv.ts';
import { createEnvironment, type InstallWheel } from './create.ts';
import { type Environment, isSane, isVirtual, virtualEnvironment } from './environment.ts';
import { rememberPython } from './envs-file.ts';
import { findEnvironment, locateEnvironment, systemInterpreterEnvironment } from './find.ts';
import { isDirectory } from './is-directory.ts';
import { holdMaking } from './making-lock.ts';
import { environmentName, NAMELESS } from './naming.ts';
import { baseNameOf, createsInProject, discoverOptions, inProjectPath, type ProjectPlace } from './place.ts';
import { fillPrompt } from './prompt.ts';
import { removeEnvironment } from './remove.ts';

/** A project's place, and what is needed to make an environment for it. */
export interface EnsureOptions extends ProjectPlace {
  /** The project's Python range as written, for messages. */
  readonly pythonVersions: string;
  /** Whether the range allows `X.Y.Z`. */
  readonly allowsPython: (version: string) => boolean;
  readonly emit: Emit;
  /** Installs the interpreter's own pip. Default: new environments have none, whatever the settings say. */
  readonly installPip?: InstallWheel;
  /** Installs a Python that the project allows; false where none can be had. Default: nothing is installed. */
  readonly installPython?: () => Promise<boolean>;
  /** Ends the waiting for another process that makes the environment. */
  readonly signal?: AbortSignal;
}

/**
 * The project's environment, ready for use. A missing or broken one is made anew; an active one that is broken is the
 * user's own and is left alone.
 *
 * Throws `python-not-allowed` where the environment's Python is outside the project's range, `python-not-found` where
 * no interpreter is inside it, `environment-broken`, and what discovery throws.
 */
export async function ensureEnvironment(options: EnsureOptions): Promise<Environment> {
  const ready = readyEnvironment(options, findEnvironment(options));
  if (ready !== undefined) {
    await checkVersion(options, ready);
    return ready;
  }
  using _held = await holdMaking(options);
  const found = findEnvironment(options);
  // While we waited another process may have made it.
  const made = readyEnvironment(options, found);
  if (made !== undefined) {
    await checkVersion(options, made);
    return made;
  }
  if (found?.kind === 'active') return await fillActive(options, found);
  if (!options.configuration.get('virtualenvs.create')) throw noPython(options);
  const broken = found?.kind === 'venv' ? found.path : undefined;
  const interpreter = await interpreterInRange(options, broken);
  if (broken !== undefined) return await make(options, broken, interpreter.facts);
  const path = newPath(options, interpreter.facts);
  return usableAt(options, path) ?? (await make(options, path, interpreter.facts));
}

/** The environment in that folder, if it can be used as it is: one of a Python that is not the usual one is not found by its name. */
function usableAt(options: EnsureOptions, path: string): Environment | undefined {
  const present = isDirectory(path) ? virtualEnvironment(path, 'venv', discoverOptions(options)) : undefined;
  return present !== undefined && isSane(present) ? present : undefined;
}

/** The environment found, if it can be used as it is. */
function readyEnvironment(options: EnsureOptions, found: Environment | undefined): Environment | undefined {
  if (found === undefined || !isSane(found)) return undefined;
  return isVirtual(found) || !options.configuration.get('virtualenvs.create') ? found : undefined;
}

/**
 * Makes the environment of `interpreter` the project's, and remembers that (unless it is in the project). It is made
 * where it is missing, and made anew where it is broken or of another patch release.
 *
 * Throws `python-not-allowed`.
 */
export async function useInterpreter(options: EnsureOptions, interpreter: Interpreter): Promise<Environment> {
  const { facts } = interpreter;
  if (!options.allowsPython(facts.version)) {
    throw new TercetError(
      'python-not-allowed',
      `The specified Python version (${facts.version}) is not supported by the project (${options.pythonVersions}).\n` +
        'Please choose a compatible version or loosen the python constraint specified in the pyproject.toml file.',
    );
  }
  using _held = await holdMaking(options);
  const path = newPath(options, facts);
  const present = usableAt(options, path);
  const fits = present !== undefined && (await isOf(present, facts));
  const environment = fits ? present : await make(options, path, facts);
  if (!createsInProject(options)) {
    const [major, minor] = facts.versionInfo;
    const folder = options.configuration.folder('virtualenvs.path');
    await rememberPython(folder, baseNameOf(options), { minor: `${major}.${minor}`, patch: facts.version });
  }
  const now = locateEnvironment(options);
  return now.kind === 'venv' ? virtualEnvironment(now.path, 'venv', discoverOptions(options)) : environment;
}

/** The environment without making anything; undefined where the project has none and there is no Python either. */
export function presentEnvironment(place: ProjectPlace): Environment | undefined {
  return findEnvironment(place) ?? systemInterpreterEnvironment(place);
}

async function checkVersion(options: EnsureOptions, environment: Environment): Promise<void> {
  const { version } = await environment.facts();
  if (options.allowsPython(version)) return;
  const note = options.configuration.get('virtualenvs.create')
    ? 'Please change python executable via the "env use" command.'
    : 'Poetry cannot switch to a compatible Python version because virtualenv creation is disabled.';
  throw new TercetError(
    'python-not-allowed',
    `Current Python version (${version}) is not allowed by the project (${options.pythonVersions}).\n${note}`,
  );
}

/**
 * The preferred interpreter, or where the range excludes it the newest one inside. `broken` is the environment that it is to
 * replace: without an interpreter that stays as it is.
 */
async function interpreterInRange(options: EnsureOptions, broken?: string): Promise<Interpreter> {
  const { emit, pythonVersions, allowsPython } = options;
  const discover = discoverOptions(options);
  const preferred = await preferredInterpreter(discover);
  if (preferred !== undefined) {
    emit({ kind: 'notice', level: 1, text: `Found: ${preferred.found}` });
    if (allowsPython(preferred.facts.version)) return preferred;
    emit({
      kind: 'warning',
      text:
        `The currently activated Python version ${preferred.facts.version} is not supported by the project (${pythonVersions}).\n` +
        'Trying to find and use a compatible version. ',
    });
  }
  let compatible = preferred === undefined ? undefined : await compatibleInterpreter(discover, allowsPython);
  if (compatible === undefined && (await options.installPython?.()) === true) {
    compatible = await compatibleInterpreter(discover, allowsPython);
  }
  if (compatible === undefined) throw noPython(options, broken);
  emit({ kind: 'notice', text: `Using ${basename(compatible.executable)} (${compatible.facts.version})` });
  return compatible;
}

function noPython(options: EnsureOptions, broken?: string): TercetError {
  const range = options.pythonVersions;
  const hint =
    pyenvRoot(options.env) === undefined
      ? `install a Python that fits \`${range}\``
      : `install a Python that fits \`${range}\`: \`pyenv install --list\` names them, \`pyenv install VERSION\` gets one`;
  return new TercetError(
    'python-not-found',
    'Poetry was unable to find a compatible version. ' +
      'If you have one, you can explicitly use it via the "env use" command.',
    {
      hints: [
        ...(broken === undefined
          ? []
          : [`the Python of the virtual environment in ${broken} is gone; it is left as it is`]),
        hint,
        '`tercet python install VERSION` downloads one; with `tercet config python.auto-install true` that happens by itself',
      ],
    },
  );
}

function newPath(options: EnsureOptions, facts: InterpreterFacts): string {
  if (createsInProject(options)) return inProjectPath(options);
  const [major, minor] = facts.versionInfo;
  const name = environmentName(baseNameOf(options), `${major}.${minor}`);
  return join(options.configuration.folder('virtualenvs.path'), name);
}

async function make(options: EnsureOptions, path: string, facts: InterpreterFacts): Promise<Environment> {
  const { emit, configuration } = options;
  const inProject = path === inProjectPath(options);
  const name = inProject ? (options.name ?? NAMELESS) : basename(path);
  const [major, minor] = facts.versionInfo;
  const prompt = fillPrompt(configuration.get('virtualenvs.prompt'), {
    project_name: options.name ?? NAMELESS,
    python_version: `${major}.${minor}`,
  });
  if (isDirectory(path)) {
    if (usableAt(options, path) === undefined) {
      emit({ kind: 'warning', text: `The virtual environment found in ${path} seems to be broken.` });
    }
    emit({ kind: 'notice', text: `Recreating virtualenv ${name} in ${path}` });
    removeEnvironment(path);
  } else {
    clearTheWay(path, emit);
    emit({ kind: 'notice', text: `Creating virtualenv ${name} in ${inProject ? path : dirname(path)}` });
  }
  const environment = await createEnvironment({ ...planOf(options, facts), path, prompt });
  if (process.platform === 'darwin') await leaveOutOfBackups(path);
  return environment;
}

function planOf(options: EnsureOptions, interpreter: InterpreterFacts) {
  const { configuration, emit } = options;
  return {
    interpreter,
    emit,
    alwaysCopy: configuration.get('virtualenvs.options.always-copy'),
    systemSitePackages: configuration.get('virtualenvs.options.system-site-packages'),
    installPip: configuration.get('virtualenvs.options.no-pip') ? undefined : options.installPip,
    factsOptions: discoverOptions(options),
  };
}

/** A file in the environment's place goes; a link to nowhere is somebody's intention and stays. */
function clearTheWay(path: string, emit: Emit): void {
  if (statSync(path, { throwIfNoEntry: false })?.isFile() === true) {
    emit({ kind: 'warning', text: `${path} is not a virtual environment but a file. Removing it.` });
    unlinkSync(path);
  } else if (lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true) {
    throw new TercetError('environment-broken', `${path} is a link to a folder that does not exist`, {
      hints: ['make that folder, or remove the link'],
    });
  }
}

/**
 * The active environment has no Python. Where nothing is there yet it is made (a deployment names it by `VIRTUAL_ENV`
 * first); where something is, that is not ours to delete.
 */
async function fillActive(options: EnsureOptions, active: Environment): Promise<Environment> {
  if (isDirectory(active.path) && readdirSync(active.path).length > 0) {
    throw new TercetError('environment-broken', `The virtual environment found in ${active.path} seems to be broken.`, {
      hints: [
        'it is the active one (`VIRTUAL_ENV` or `CONDA_PREFIX`): deactivate it, or delete it to have it made anew',
      ],
    });
  }
  clearTheWay(active.path, options.emit);
  const { facts } = await interpreterInRange({ ...options, env: withoutActive(options.env, active.path) });
  options.emit({ kind: 'notice', text: `Creating virtualenv ${basename(active.path)} in ${dirname(active.path)}` });
  mkdirSync(active.path, { recursive: true });
  await createEnvironment({ ...planOf(options, facts), path: active.path });
  return virtualEnvironment(active.path, 'active', discoverOptions(options));
}

function withoutActive(env: ProjectPlace['env'], path: string): ProjectPlace['env'] {
  return { ...env, VIRTUAL_ENV: undefined, CONDA_PREFIX: env.CONDA_PREFIX === path ? undefined : env.CONDA_PREFIX };
}

/** Whether the environment is one of this interpreter's version and implementation; false where it does not run. */
async function isOf(environment: Environment, interpreter: InterpreterFacts): Promise<boolean> {
  try {
    const { version, implementation } = await environment.facts();
    return version === interpreter.version && implementation === interpreter.implementation;
  } catch (error) {
    if (error instanceof TercetError) return false;
    throw error;
  }
}

/** macOS: keeps Time Machine from copying the environment. Untested. */
async function leaveOutOfBackups(path: string): Promise<void> {
  const { run } = await import('../process/spawn.ts');
  await run('xattr', ['-w', 'com.apple.metadata:com_apple_backup_excludeItem', 'com.apple.backupd', path]);
}

/**
 * Making a virtual environment (PEP 405) without running any Python: folders, `pyvenv.cfg`, links to the interpreter
 * and activation scripts. The interpreter's link comes last, so that an environment whose making was cut off has none and
 * is seen as broken.
 */

import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { isThere } from '../files/is-there.ts';
import { namesIn } from '../files/names-in.ts';
import { realPath } from '../files/real-path.ts';
import type { Emit } from '../ground/events.ts';
import { bundledPip } from '../python/bundled-pip.ts';
import { environmentFacts, type FactsOptions, type InterpreterFacts } from '../python/facts.ts';
import { formatPyvenvCfg } from '../python/pyvenv-cfg.ts';
import { activationScripts } from './activation-scripts.ts';
import { type Environment, virtualEnvironment } from './environment.ts';
import { copyPython2, layOutPython2 } from './python2.ts';

/** Installs a wheel file into an environment; the program's start ties it to the installer. */
export type InstallWheel = (wheel: string, environment: Environment, facts: InterpreterFacts) => Promise<void>;

/** What an environment is to be. */
export interface EnvironmentPlan {
  /** Its folder, absolute; made where it is missing, filled where it is not. */
  readonly path: string;
  /** The interpreter it is made of. */
  readonly interpreter: InterpreterFacts;
  /** What a shell's prompt shows, also written to `pyvenv.cfg`. Default: the folder's name. */
  readonly prompt?: string | undefined;
  /** Copies of the interpreter instead of links. Default: false. */
  readonly alwaysCopy?: boolean;
  /** Whether the base interpreter's packages are seen. Default: false. */
  readonly systemSitePackages?: boolean;
  /** Installs the pip that comes with the interpreter. Default: the environment has no pip. */
  readonly installPip?: InstallWheel | undefined;
  readonly emit: Emit;
  readonly factsOptions?: FactsOptions;
}

/** Makes the environment and answers with it. */
export async function createEnvironment(plan: EnvironmentPlan): Promise<Environment> {
  const { path, interpreter } = plan;
  const windows = process.platform === 'win32';
  const python = join(path, windows ? 'Scripts/python.exe' : 'bin/python');
  const facts = environmentFacts(interpreter, path, python);
  const { scripts, purelib, platlib } = facts.paths;
  const prompt = plan.prompt ?? basename(path);

  mkdirSync(scripts, { recursive: true });
  removeLinkOrFile(python);
  // Where libraries are in lib64 by the interpreter's own scheme, that is the same folder.
  if (!windows && interpreter.abi.pointerBits === 64 && process.platform === 'linux') {
    mkdirSync(join(path, 'lib'), { recursive: true });
    linkUnlessThere('lib', join(path, 'lib64'));
  }
  mkdirSync(purelib, { recursive: true });
  mkdirSync(platlib, { recursive: true });
  mkdirSync(join(path, windows ? 'Include' : 'include'), { recursive: true });
  writeFileSync(join(path, '.gitignore'), '# created by tercet\n*\n');
  writeFileSync(join(path, 'CACHEDIR.TAG'), CACHE_TAG);
  writeFileSync(join(path, 'pyvenv.cfg'), configText(plan, prompt));
  writeActivation(path, facts, prompt, windows);

  if (interpreter.versionInfo[0] === 2) layOutPython2(path, interpreter, plan.systemSitePackages === true);
  if (interpreter.implementation === 'pypy') linkPyPyLibraries(path, interpreter);
  const environment = virtualEnvironment(path, 'venv', plan.factsOptions ?? {});
  if (plan.installPip !== undefined) await seedPip(plan, plan.installPip, { ...environment, python }, facts);
  linkInterpreter(plan, scripts);
  return virtualEnvironment(path, 'venv', plan.factsOptions ?? {});
}

async function seedPip(
  plan: EnvironmentPlan,
  install: InstallWheel,
  environment: Environment,
  facts: InterpreterFacts,
): Promise<void> {
  const wheel = bundledPip(plan.interpreter);
  if (wheel === undefined) {
    const text = `No pip comes with ${plan.interpreter.baseExecutable}: the virtual environment has none`;
    plan.emit({ kind: 'notice', level: 1, text });
    return;
  }
  await install(wheel, environment, facts);
}

function configText(plan: EnvironmentPlan, prompt: string): string {
  const { interpreter } = plan;
  const executable = interpreterFile(interpreter);
  const [major, minor, micro, level, serial] = interpreter.versionInfo;
  const values: [string, string][] = [
    ['home', dirname(executable)],
    ['implementation', interpreter.markers.platform_python_implementation ?? interpreter.implementation],
    ['version_info', `${major}.${minor}.${micro}.${level}.${serial}`],
    ['version', interpreter.version],
    ['executable', realPath(executable)],
    ['include-system-site-packages', String(plan.systemSitePackages === true)],
    ['base-prefix', interpreter.basePrefix],
    ['base-exec-prefix', interpreter.baseExecPrefix],
    ['base-executable', executable],
    ['prompt', prompt],
  ];
  return formatPyvenvCfg(values);
}

function writeActivation(path: string, facts: InterpreterFacts, prompt: string, windows: boolean): void {
  const inside = (folder: string) => folder.slice(path.length + 1).replaceAll('\\', '/');
  const { purelib, platlib, scripts } = facts.paths;
  const sitePackages = [...new Set([inside(purelib), inside(platlib)])];
  const place = { path, bin: inside(scripts), prompt, sitePackages };
  for (const [name, text] of activationScripts(place, windows)) writeFileSync(join(scripts, name), text);
}

/** The names an interpreter has in its environment, the first one the file, the others links to it. */
function linkInterpreter(plan: EnvironmentPlan, scripts: string): void {
  const { interpreter } = plan;
  if (process.platform === 'win32') {
    copyWindowsLaunchers(interpreter, scripts);
    return;
  }
  const [major, minor] = interpreter.versionInfo;
  const aliases = [`python${major}`, `python${major}.${minor}`];
  if (interpreter.implementation === 'pypy') aliases.push('pypy', `pypy${major}`, `pypy${major}.${minor}`);
  for (const alias of aliases) {
    removeLinkOrFile(join(scripts, alias));
    if (plan.alwaysCopy) copyExecutable(interpreterFile(interpreter), join(scripts, alias));
    else symlinkSync('python', join(scripts, alias));
  }
  const python = join(scripts, 'python');
  if (major === 2 && interpreter.implementation === 'cpython') copyPython2(interpreter, python);
  else if (plan.alwaysCopy) copyExecutable(interpreterFile(interpreter), python);
  else symlinkSync(interpreterFile(interpreter), python);
}

/** The interpreter's executable with links resolved, as Poetry hands it to virtualenv. */
function interpreterFile(interpreter: InterpreterFacts): string {
  return realPath(interpreter.baseExecutable);
}

/** Whole or not at all: what is there is taken for an interpreter. */
function copyExecutable(from: string, to: string): void {
  copyFileSync(from, `${to}.part`);
  chmodSync(`${to}.part`, 0o755);
  renameSync(`${to}.part`, to);
}

/** PyPy looks for its library beside its executable, and for what that needs in `lib`. */
function linkPyPyLibraries(path: string, interpreter: InterpreterFacts): void {
  const bin = dirname(interpreterFile(interpreter));
  for (const name of namesIn(bin)) {
    if (/^libpypy.*\.(?:so|dylib|dll)/.test(name)) linkUnlessThere(join(bin, name), join(path, 'bin', name));
  }
  const library = join(interpreter.basePrefix, 'lib');
  if (!library.startsWith('/usr/')) {
    for (const name of namesIn(library)) {
      if (/\.so|\.dylib|^t(?:cl|k)/.test(name)) linkUnlessThere(join(library, name), join(path, 'lib', name));
    }
  }
}

/** Windows: the launchers that come with the interpreter for `venv`, else the interpreter and its libraries. */
function copyWindowsLaunchers(interpreter: InterpreterFacts, scripts: string): void {
  const launchers = join(interpreter.paths.stdlib, 'venv/scripts/nt');
  const home = dirname(interpreter.baseExecutable);
  for (const [name, launcher] of [
    ['pythonw.exe', 'venvwlauncher.exe'],
    ['python.exe', 'venvlauncher.exe'],
  ] as const) {
    const from = [join(launchers, launcher), join(launchers, name), join(home, name)].find((file) => existsSync(file));
    if (from !== undefined) copyFileSync(from, join(scripts, name));
  }
  if (existsSync(launchers)) return;
  for (const name of namesIn(home)) if (/\.dll$/i.test(name)) copyFileSync(join(home, name), join(scripts, name));
}

/** The tag of folders that backups leave out (bford.info/cachedir). */
const CACHE_TAG = `Signature: 8a477f597d28d172789f06886806bc55
# This folder can be made anew by tercet: backups may leave it out.
# See https://bford.info/cachedir/
`;

function linkUnlessThere(target: string, link: string): void {
  if (!isThere(link)) symlinkSync(target, link);
}

function removeLinkOrFile(file: string): void {
  if (isThere(file)) rmSync(file);
}

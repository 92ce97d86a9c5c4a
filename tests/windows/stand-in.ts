/** What stands in for a CPython on Windows: a program that tells facts (`python.c`), and the facts. */

import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { InterpreterFacts } from '../../src/python/facts.ts';
import { FACTS_MARK, FACTS_SCRIPT } from '../../src/python/facts-script.ts';

const HOME = 'C:\\Python';
/** What `python.c` replaces by the environment that it stands in. */
const ENVIRONMENT = '@V@';

/** The facts of `python`, an interpreter of this machine. */
export function factsHere(python: string): InterpreterFacts {
  const { stdout } = Bun.spawnSync([python, '-I', '-c', FACTS_SCRIPT]);
  return JSON.parse(stdout.toString().split(FACTS_MARK)[1] ?? '') as InterpreterFacts;
}

/** Puts the interpreter `program` at `C:\Python`, where `drive` is C:, with the facts of `here` as they would be on Windows. */
export function installStandIn(drive: string, program: string, here: InterpreterFacts): void {
  const home = join(drive, 'Python');
  const launchers = join(home, 'Lib/venv/scripts/nt');
  const bundled = join(home, 'Lib/ensurepip/_bundled');
  for (const folder of [launchers, bundled]) mkdirSync(folder, { recursive: true });
  for (const name of ['python.exe', 'pythonw.exe']) {
    copyFileSync(program, join(home, name));
    copyFileSync(program, join(launchers, name));
  }
  for (const wheel of here.bundledWheels) copyFileSync(wheel, join(bundled, basename(wheel)));
  writeFileSync(join(home, 'base.json'), told(onWindows(here, HOME)));
  writeFileSync(join(home, 'environment.json'), told(onWindows(here, ENVIRONMENT)));
}

function told(facts: InterpreterFacts): string {
  return `${FACTS_MARK}${JSON.stringify(facts)}\r\n`;
}

function onWindows(here: InterpreterFacts, prefix: string): InterpreterFacts {
  const library = `${HOME}\\Lib`;
  const site = `${prefix}\\Lib\\site-packages`;
  const include = `${HOME}\\Include`;
  const scripts = `${prefix}\\Scripts`;
  const executable = prefix === HOME ? `${HOME}\\python.exe` : `${scripts}\\python.exe`;
  const paths = { stdlib: library, platstdlib: library, include, platinclude: include, data: prefix, scripts };
  return {
    ...here,
    executable,
    baseExecutable: `${HOME}\\python.exe`,
    prefix,
    basePrefix: HOME,
    baseExecPrefix: HOME,
    paths: { ...paths, purelib: site, platlib: site },
    environmentPaths: {
      stdlib: 'Lib',
      platstdlib: 'Lib',
      purelib: 'Lib\\site-packages',
      platlib: 'Lib\\site-packages',
      include: 'Include',
      platinclude: 'Include',
      scripts: 'Scripts',
      data: '.',
    },
    sysPath: [library, prefix, site],
    sitePackages: [prefix, site],
    userSite: undefined,
    userBase: undefined,
    markers: {
      ...here.markers,
      os_name: 'nt',
      sys_platform: 'win32',
      platform_system: 'Windows',
      platform_machine: 'AMD64',
      platform_release: '10',
      platform_version: '10.0.19045',
    },
    abi: { ...here.abi, soabi: 'cp311-win_amd64', extensionSuffix: '.cp311-win_amd64.pyd' },
    platform: { ...here.platform, name: 'win-amd64', machine: 'AMD64', glibc: undefined, musl: undefined },
    bundledWheels: here.bundledWheels.map((wheel) => `${library}\\ensurepip\\_bundled\\${basename(wheel)}`),
  } as InterpreterFacts;
}

/** `path` of this machine as Wine shows it. */
export function winePath(path: string): string {
  return `Z:${path.replaceAll('/', '\\')}`;
}

/** Compiles a C file for Windows. Throws with the compiler's words. */
export function compileForWindows(source: string, target: string, options: readonly string[] = []): void {
  mkdirSync(dirname(target), { recursive: true });
  const { exitCode, stderr } = Bun.spawnSync(['x86_64-w64-mingw32-gcc', '-o', target, source, ...options]);
  if (exitCode !== 0) throw new Error(stderr.toString());
}

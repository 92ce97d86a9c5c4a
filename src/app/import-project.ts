/**
 * `import`: what another tool's files say becomes `pyproject.toml`, and the versions that they had settled on become preferences for
 * `poetry.lock`, so that the same come out. What could not be carried over is reported; nothing is written before all of it is known.
 */

import { existsSync, readdirSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { readText } from '../files/read-text.ts';
import type { ForeignProject, ForeignRequirement, Leftover } from '../formats/foreign-project.ts';
import { type NamedRequirement, newManifest, spaced, withForeign } from '../formats/write-manifest.ts';
import { TercetError } from '../ground/error.ts';
import type { IndexClient } from '../index/client.ts';
import type { Lock } from '../lock/lock.ts';
import { readManifest } from '../manifest/read.ts';
import { moduleName, projectName } from '../names/name.ts';
import { setKey } from '../toml/edit.ts';
import { asArray, asTable, readToml, tableAt } from '../toml/read.ts';
import { sameVersion, tryParseVersion } from '../versions/version.ts';
import type { Context } from './context.ts';
import { readForeignFiles } from './foreign-files.ts';
import { gitAuthor, nameOfFolder, preferredPython } from './init.ts';
import { type Locked, lockProject } from './lock.ts';
import { readLockText } from './lock-file.ts';
import { nameOfDistribution } from './name-of-distribution.ts';
import { commonPython, type PinPreferences, pinPreferences } from './pin-preferences.ts';
import { checkWritable, writeProjectFiles } from './project-file.ts';

export interface ImportOptions {
  /** As given; none: what the folder holds. */
  readonly files: readonly string[];
  /** The group of requirement files that are named. Default: what their names say. */
  readonly group: string | undefined;
  /** `==1.2.3` becomes `^1.2.3`; the lock keeps 1.2.3. */
  readonly caret: boolean;
  /** Only `pyproject.toml`. */
  readonly noLock: boolean;
  readonly dryRun: boolean;
}

/** Imports into the folder where the command runs; answers with the exit code. */
export async function importProject(context: Context, options: ImportOptions): Promise<number> {
  const directory = context.start;
  const manifestPath = join(directory, 'pyproject.toml');
  const lockPath = join(directory, 'poetry.lock');
  const { project: foreign, files } = readForeignFiles({
    directory,
    files: options.files.map((file) => resolve(context.cwd, file)),
    ...(options.group === undefined ? {} : { group: options.group }),
    ...(options.caret ? { caret: true } : {}),
  });
  context.emit({ kind: 'line', text: `Importing ${files.join(', ')}`, style: 'info' });
  if (!options.dryRun) await checkWritable(manifestPath);

  const before = existsSync(manifestPath) ? readText(manifestPath) : '';
  const sources = foreign.sources.map(({ name, url, priority }) => ({
    name,
    url: url === '' ? undefined : url,
    priority,
  }));
  const { client: index } = await context.index(sources);
  const pins = options.noLock ? { preferred: [], missing: [] } : await pinPreferences(index, foreign.pins);
  const requirements = await named(index, directory, foreign.requirements);
  const write = (text: string): string => withForeign(text, requirements, foreign.sources, directory);
  const known = isProject(before) ? withPackageMode(before, foreign) : '';
  const lacking = lacksVersion(known);
  const leftovers = [...foreign.leftovers, ...(lacking ? [STAND_IN] : [])];
  const manifestText = isProject(before)
    ? write(lacking ? setKey(known, ['tool', 'poetry', 'version'], '0.0.0') : known)
    : spaced(write(newManifest(foreign, await newProject(context, directory, foreign, pins), before)));
  const manifest = readManifest(manifestText);

  if (options.dryRun && options.noLock) {
    context.emit({ kind: 'line', text: `\n${manifestText}` });
    report(context, leftovers, pins, undefined, foreign);
    return 0;
  }
  const locked = options.noLock ? undefined : await lockWith(context, index, { manifestText, lockPath, pins });
  if (options.dryRun) context.emit({ kind: 'line', text: `\n${manifestText}` });
  else {
    await writeProjectFiles([
      { path: manifestPath, contents: manifestText },
      ...(locked === undefined ? [] : [{ path: lockPath, contents: locked.lockText }]),
    ]);
  }
  const groups = manifest.groups.map((one) => `${one.requirements.length} in ${one.name}`).join(', ');
  const verb = options.dryRun ? 'Would write' : 'Wrote';
  const shown = (path: string): string => relative(context.cwd, path) || path;
  context.emit({ kind: 'line', text: `\n${verb} ${shown(manifestPath)}: ${groups || 'no requirements'}` });
  if (locked !== undefined) {
    context.emit({ kind: 'line', text: `${verb} ${shown(lockPath)}: ${locked.lock.packages.length} packages` });
  }
  report(context, leftovers, pins, locked?.lock, foreign);
  return 0;
}

// --- the manifest ------------------------------------------------------------------------------------------------------

function isProject(text: string): boolean {
  if (text.trim() === '') return false;
  const toml = readToml(text, 'pyproject.toml');
  return asTable(toml.project) !== undefined || tableAt(toml, 'tool', 'poetry') !== undefined;
}

/** uv and PDM install no project that says so; for Poetry it has to be said in its own table. */
function withPackageMode(text: string, { packageMode }: ForeignProject): string {
  const poetry = tableAt(readToml(text, 'pyproject.toml'), 'tool', 'poetry');
  if (packageMode !== false || poetry?.['package-mode'] !== undefined || poetry?.packages !== undefined) return text;
  return setKey(text, ['tool', 'poetry', 'package-mode'], false);
}

/** Whether Poetry misses a version: one that another build backend computes (`dynamic`) is none that it knows. */
function lacksVersion(text: string): boolean {
  const toml = readToml(text, 'pyproject.toml');
  const poetry = tableAt(toml, 'tool', 'poetry');
  const isComputed = asArray(asTable(toml.project)?.dynamic).includes('version');
  return isComputed && poetry?.['package-mode'] !== false && poetry?.version === undefined;
}

const STAND_IN: Leftover = {
  place: 'pyproject.toml, [project] dynamic',
  text: 'the build backend computes the version: `0.0.0` in [tool.poetry] stands in for it',
};

async function newProject(context: Context, directory: string, foreign: ForeignProject, pins: PinPreferences) {
  const stated = foreign.metadata.requiresPython;
  const wanted = stated ?? (await preferredPython(context));
  const common = stated === undefined ? commonPython(wanted, pins.preferred) : undefined;
  if (common !== undefined && common !== wanted) {
    context.emit({ kind: 'line', text: `The pinned versions work together on Python ${common}` });
  }
  const name = foreign.metadata.name ?? nameOfFolder(basename(directory));
  const { layout, packages } = packagesOf(directory, name, foreign);
  const readme = [foreign.metadata.readme, 'README.md', 'README.rst', 'README.txt'].find(
    (file) => file !== undefined && existsSync(join(directory, file)),
  );
  return { name, author: await gitAuthor(context), requiresPython: common ?? wanted, layout, packages, readme };
}

interface FoundPackages {
  readonly layout: 'flat' | 'src' | 'none';
  readonly packages: readonly Readonly<Record<string, string>>[];
}

/** Where Poetry finds the package by its name; else the packages that are there, where the project says that it is one. */
function packagesOf(directory: string, name: string, { packageMode }: ForeignProject): FoundPackages {
  const module = moduleName(projectName(name));
  for (const [base, layout] of [
    ['', 'flat'],
    ['src', 'src'],
  ] as const) {
    const place = join(directory, base, module);
    if (existsSync(join(place, '__init__.py')) || existsSync(`${place}.py`)) return { layout, packages: [] };
  }
  if (packageMode !== true) return { layout: 'none', packages: [] };
  for (const [base, layout] of [
    ['src', 'src'],
    ['', 'flat'],
  ] as const) {
    const found = modulesIn(join(directory, base));
    if (found.length > 0) {
      return { layout, packages: found.map((include) => ({ include, ...(base === '' ? {} : { from: base }) })) };
    }
  }
  return { layout: 'none', packages: [] };
}

function modulesIn(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => !/^(?:tests?|docs?|examples?|setup\.py|conftest\.py)$/.test(name))
    .filter((name) => existsSync(join(folder, name, '__init__.py')))
    .sort();
}

/** Every requirement with a name; a distribution without one is asked for it. */
async function named(
  index: IndexClient,
  directory: string,
  requirements: readonly ForeignRequirement[],
): Promise<NamedRequirement[]> {
  return Promise.all(
    requirements.map(async (one): Promise<NamedRequirement> => {
      if (one.name !== undefined) return { ...one, name: one.name };
      const path = typeof one.wish.path === 'string' ? { path: resolve(directory, one.wish.path) } : {};
      try {
        return { ...one, name: await nameOfDistribution(index, { ...one.wish, ...path }) };
      } catch (error) {
        if (!(error instanceof TercetError)) throw error;
        throw new TercetError(error.code, `${one.place}: ${error.message}`, {
          hints: ['write it as `NAME @ ADDRESS`, so that its name is known'],
          cause: error,
        });
      }
    }),
  );
}

// --- the lock ------------------------------------------------------------------------------------------------------------

interface LockWith {
  readonly manifestText: string;
  readonly lockPath: string;
  readonly pins: PinPreferences;
}

async function lockWith(
  context: Context,
  index: IndexClient,
  { manifestText, lockPath, pins }: LockWith,
): Promise<Locked> {
  try {
    return await lockProject({
      index,
      emit: context.emit,
      readText: (file) => (file === 'poetry.lock' ? readLockText(lockPath) : Promise.resolve(manifestText)),
      manifestText,
      preferred: pins.preferred,
      directory: dirname(lockPath),
    });
  } catch (error) {
    if (!(error instanceof TercetError) || error.code !== 'unsolvable') throw error;
    throw new TercetError(error.code, error.message, {
      hints: [
        ...error.hints,
        'Nothing was written. `tercet import --no-lock` writes pyproject.toml alone, to be corrected by hand.',
      ],
      detail: error.detail,
      cause: error,
    });
  }
}

/** What was not carried over, and pins whose version is another one now. */
function report(
  context: Context,
  leftovers: readonly Leftover[],
  { missing }: PinPreferences,
  lock: Lock | undefined,
  { pins }: ForeignProject,
): void {
  const lines = leftovers.map(({ place, text }) => `  - ${place}: ${text}`);
  for (const { pin, text } of missing) lines.push(`  - ${pin.place}: ${pin.name} ${pin.version}: ${text}`);
  if (lock !== undefined) {
    const kept = new Set<string>();
    const changed: string[] = [];
    for (const pin of pins) {
      const name = projectName(pin.name);
      const version = tryParseVersion(pin.version);
      const now = lock.packages.filter((one) => one.name === name);
      const isMissing = missing.some((one) => one.pin.name === pin.name && one.pin.version === pin.version);
      if (now.length === 0 || version === undefined) continue;
      if (now.some((one) => sameVersion(one.version, version))) kept.add(name);
      else if (!isMissing) {
        const versions = now.map((one) => one.version.text).join(', ');
        changed.push(`  - ${pin.place}: ${pin.name} ${pin.version} is ${versions} in the lock`);
      }
    }
    if (pins.length > 0) {
      const same = kept.size === 1 ? '1 version is' : `${kept.size} versions are`;
      context.emit({ kind: 'line', text: `${same} the same as before` });
    }
    lines.push(...new Set(changed));
    const unused = [...new Set(pins.map((pin) => projectName(pin.name)))].filter(
      (name) => !lock.packages.some((one) => one.name === name),
    );
    if (unused.length > 0) lines.push(`  - not needed any more: ${unused.sort().join(', ')}`);
  }
  if (lines.length > 0) context.emit({ kind: 'notice', text: `\nNot carried over:\n${lines.join('\n')}` });
}

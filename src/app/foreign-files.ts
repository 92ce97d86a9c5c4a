/** Which files of other tools a folder holds, and what they say together. */

import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, relative } from 'node:path';
import { namesIn } from '../files/names-in.ts';
import { type ForeignProject, joinForeign, nothingForeign } from '../formats/foreign-project.ts';
import { readLockPins } from '../formats/lock-pins.ts';
import { readPipfile, readPipfileLock } from '../formats/pipfile.ts';
import { hasForeignTool, readPdm, readUv } from '../formats/pyproject-tools.ts';
import { compiledPython, isCompiled, readRequirements } from '../formats/requirements-txt.ts';
import { readSetupCfg, readSetupPy } from '../formats/setuptools.ts';
import { compareCodePoints } from '../ground/code-points.ts';
import { TercetError } from '../ground/error.ts';
import { isPypiAddress } from '../index/pypi.ts';

export interface ForeignFilesOptions {
  /** The folder of the project, absolute. */
  readonly directory: string;
  /** Absolute paths; none: what is found in the folder. */
  readonly files: readonly string[];
  /** The group of requirement files that are named. Default: what their names say. */
  readonly group?: string;
  /** Exact versions become `^version`. Default: in compiled files only. */
  readonly caret?: boolean;
}

export interface ForeignFiles {
  readonly project: ForeignProject;
  /** The files that were read, relative to the folder, in the order in which they count. */
  readonly files: readonly string[];
}

/** Larger files are not what they seem to be. */
const LARGEST = 64 * 1024 * 1024;

/** Reads them all. Throws `nothing-to-import`, `no-such-file`, or a ParseError of a reader. */
export function readForeignFiles(options: ForeignFilesOptions): ForeignFiles {
  const { directory } = options;
  const named = options.files.map((path) => relative(directory, path) || path);
  const chosen = named.length > 0 ? withCompanions(directory, named) : found(directory);
  if (chosen.length === 0) {
    throw new TercetError('nothing-to-import', `${directory} holds no file of another tool that could be imported.`, {
      hints: [
        'Known are requirements files, Pipfile, Pipfile.lock, setup.cfg, setup.py, uv.lock, pdm.lock, and the tables of uv and PDM in pyproject.toml.',
      ],
    });
  }
  const read = (path: string): string | undefined => readText(directory, path);
  const projects = chosen.map((file) => readOne(file, { ...options, read, all: chosen }));
  const joined = joinForeign(projects);
  const sources = joined.sources.filter(({ url }) => !isPypiAddress(url));
  return { project: { ...joined, sources: sources.some(({ url }) => url !== '') ? sources : [] }, files: chosen };
}

/** What requirements files list, and what they include; exact versions of compiled ones are pins. Throws a ParseError where one is missing. */
export function readRequirementFiles(
  directory: string,
  files: readonly string[],
  group: string | undefined,
): ForeignProject {
  const read = (path: string): string | undefined => readText(directory, path);
  return joinForeign(
    files.map((path) =>
      readRequirements(relative(directory, path) || path, { read, ...(group === undefined ? {} : { group }) }),
    ),
  );
}

interface Reading extends ForeignFilesOptions {
  readonly read: (path: string) => string | undefined;
  readonly all: readonly string[];
}

function readOne(file: string, { read, group, caret, files, all }: Reading): ForeignProject {
  const text = read(file);
  if (text === undefined) throw new TercetError('no-such-file', `${file} does not exist, or is not a text file.`);
  switch (basename(file)) {
    case 'Pipfile':
      return readPipfile(text);
    case 'Pipfile.lock':
      return { ...nothingForeign, pins: readPipfileLock(text) };
    case 'uv.lock':
    case 'pdm.lock':
    case 'pylock.toml':
      return { ...nothingForeign, pins: readLockPins(text, file) };
    case 'pyproject.toml':
      return joinForeign([
        ...(text.includes('[tool.uv') || all.includes('uv.lock') ? [readUv(text)] : []),
        readPdm(text),
      ]);
    case 'setup.cfg':
      return readSetupCfg(text, read) ?? nothingForeign;
    case 'setup.py':
      return readSetupPy(text, read) ?? nothingForeign;
    default: {
      const project = readRequirements(file, {
        read,
        ...(group === undefined || files.length === 0 ? {} : { group }),
        ...(caret === undefined ? {} : { caret }),
      });
      // Its `.in` says what is wanted; what was compiled from it says which versions.
      if (file.endsWith('.txt') && isCompiled(text) && all.includes(file.replace(/\.txt$/, '.in'))) {
        return { ...nothingForeign, metadata: metadataOf(text), pins: project.pins, sources: project.sources };
      }
      return { ...project, metadata: metadataOf(text) };
    }
  }
}

/** The Python that a file was compiled for. */
function metadataOf(text: string): { readonly requiresPython?: string } {
  const python = compiledPython(text);
  return python === undefined ? {} : { requiresPython: `>=${python}` };
}

/** What stands beside a file that is named and belongs to it. */
function withCompanions(directory: string, files: readonly string[]): string[] {
  const all = files.flatMap((file) => {
    const beside = (name: string): string => join(dirname(file), name);
    const name = basename(file);
    if (name === 'Pipfile') return [file, beside('Pipfile.lock')];
    if (name === 'pyproject.toml') return [file, beside('uv.lock'), beside('pdm.lock')];
    if (name.endsWith('.in')) return [file, file.replace(/\.in$/, '.txt')];
    if (name.endsWith('.txt')) {
      const source = file.replace(/\.txt$/, '.in');
      const text = readText(directory, file);
      return text !== undefined && isCompiled(text) ? [source, file] : [file];
    }
    return [file];
  });
  return [...new Set(all)].filter((file) => files.includes(file) || isFile(directory, file));
}

const REQUIREMENTS = /^(?:(?:[\w.]+[-_])?requirements?(?:[-_.][\w.-]+)?|reqs)\.(?:txt|in|pip)$/i;

/** In the order in which they count: what a project says of itself first, then wishes, then what was settled on. */
function found(directory: string): string[] {
  const names = readdirSync(directory).sort();
  const has = (name: string): boolean => names.includes(name) && isFile(directory, name);
  const chosen: string[] = [];
  const manifest = has('pyproject.toml') ? (readText(directory, 'pyproject.toml') ?? '') : '';
  if (manifest !== '' && (hasForeignTool(manifest) || has('uv.lock') || has('pdm.lock'))) chosen.push('pyproject.toml');
  for (const name of ['uv.lock', 'pdm.lock', 'pylock.toml', 'setup.cfg', 'setup.py', 'Pipfile', 'Pipfile.lock']) {
    if (has(name)) chosen.push(name);
  }
  const files = names.filter((name) => REQUIREMENTS.test(name) && isFile(directory, name));
  for (const folder of ['requirements', 'requirement', 'reqs']) {
    if (!names.includes(folder)) continue;
    const inside = namesIn(join(directory, folder)).filter((name) =>
      /^(?!constraints?\b).*\.(?:txt|in|pip)$/.test(name),
    );
    files.push(...inside.map((name) => `${folder}/${name}`));
  }
  return [...chosen, ...files.toSorted(sourcesFirst)];
}

/** `requirements` before its kin, `.in` before `.txt`. */
function sourcesFirst(a: string, b: string): number {
  const rank = (name: string): number =>
    (name.endsWith('.in') ? 0 : 2) + (/(?:^|\/)(?:requirements?|base|common|main)\.\w+$/.test(name) ? 0 : 1);
  return rank(a) - rank(b) || compareCodePoints(a, b);
}

function isFile(directory: string, path: string): boolean {
  return statSync(full(directory, path), { throwIfNoEntry: false })?.isFile() === true;
}

function readText(directory: string, path: string): string | undefined {
  const place = full(directory, path);
  const size = statSync(place, { throwIfNoEntry: false });
  if (size?.isFile() !== true || size.size > LARGEST) return undefined;
  const bytes = readFileSync(place);
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
  return new TextDecoder().decode(bytes);
}

function full(directory: string, path: string): string {
  return isAbsolute(path) ? path : join(directory, path);
}

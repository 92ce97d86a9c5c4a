/** Locks a project: from `pyproject.toml`, the index and the previous lock to the text of `poetry.lock`. */

import { createHash } from 'node:crypto';
import { EOL } from 'node:os';
import { TercetError } from '../ground/error.ts';
import type { Emit } from '../ground/events.ts';
import { contentHash } from '../lock/content-hash.ts';
import type { Lock, LockedPackage } from '../lock/lock.ts';
import { formatLock, isNewerThanWritten, readLock, sameLock } from '../lock/poetry-lock.ts';
import type { Manifest } from '../manifest/manifest.ts';
import { readManifest } from '../manifest/read.ts';
import { type ExtraName, type ProjectName, projectName } from '../names/name.ts';
import { explain } from '../resolver/explain.ts';
import { type Derivation, type Problem, type Resolution, search } from '../resolver/search.ts';
import { searchedSources } from '../resolver/universal/world.ts';
import { parseVersion } from '../versions/version.ts';
import { type Answers, answered } from './answer.ts';
import { answerLine } from './trace.ts';

export interface LockRequest {
  /** The text of a file of the project; undefined where there is none. */
  readonly readText: (file: 'pyproject.toml' | 'poetry.lock') => Promise<string | undefined>;
  readonly emit: Emit;
  readonly index: Answers & { search?(name: ProjectName): Promise<readonly ProjectName[]> };
  /** Forget the previous lock. Default: false. */
  readonly regenerate?: boolean;
  /** Projects to bring to their newest release; `all`: every locked one. Default: folders only, which are always read anew. */
  readonly update?: 'all' | ReadonlySet<ProjectName>;
  /** A manifest that is not written yet. Default: the file's text. */
  readonly manifestText?: string;
  /** Releases that are taken where they fit, as if they were locked. Default: none. */
  readonly preferred?: readonly LockedPackage[];
  /** Mend a result that leaves requirements unmet, which Poetry would write as it is. Default: false, a warning. */
  readonly repair?: boolean;
}

export interface Locked {
  readonly lock: Lock;
  readonly lockText: string;
  /** False where the file says the same already and is to be left alone. */
  readonly changed: boolean;
  readonly previous: Lock | undefined;
}

/**
 * The lock of a project as it stands. Writes nothing.
 *
 * Throws a TercetError: `unsolvable` with an explanation, `lock-unreadable`, `manifest-invalid`, and whatever makes the
 * index fail as a whole.
 */
export async function lockProject(request: LockRequest): Promise<Locked> {
  const { emit } = request;
  const manifestText = request.manifestText ?? (await request.readText('pyproject.toml')) ?? '';
  const manifest = readManifest(manifestText);
  const previousText = await request.readText('poetry.lock');
  const previous = readPrevious(previousText, request);
  const began = performance.now();
  emit({ kind: 'resolve-started' });
  const resolution = await resolve(problemOf(manifest, previous, request), { ...request, manifestText });
  const lock = lockOf(manifest, resolution);
  emit({
    kind: 'resolve-finished',
    milliseconds: performance.now() - began,
    packages: lock.packages.length,
  });
  for (const { name, version, reason } of resolution.yanked) {
    const because = reason === undefined || reason === '' ? '' : ` Reason for being yanked: ${reason}`;
    const text = `Warning: The locked version ${version} for ${name} is a yanked version.${because}`;
    emit({ kind: 'warning', text });
  }
  for (const text of gapWarnings(resolution)) emit({ kind: 'warning', text });
  const lockText = formatLock(lock, newlineOf(previousText));
  return { lock, lockText, previous, changed: previousText === undefined || !sameLock(lockText, previousText) };
}

/** What the resolver is asked: the manifest's wishes and the previous lock's preferences. */
export function problemOf(
  manifest: Manifest,
  previous: Lock | undefined,
  { update, preferred = [], repair = false }: Pick<LockRequest, 'update' | 'preferred' | 'repair'> = {},
): Problem {
  const locked = [...(previous?.packages ?? []), ...preferred];
  const folders = locked.filter(({ source }) => source?.type === 'directory').map(({ name }) => name);
  return {
    root: {
      name: manifest.name ?? projectName('non-package-mode'),
      version: parseVersion(manifest.version ?? '0'),
      pythonVersions: manifest.pythonVersions,
      python: manifest.python,
    },
    groups: manifest.groups,
    toml: manifest.toml,
    locked,
    update: update ?? new Set(folders),
    sources: manifest.sources,
    repair,
  };
}

/** The lock that a resolution of a manifest's wishes makes. */
export function lockOf(manifest: Manifest, resolution: Resolution): Lock {
  return {
    lockVersion: '2.1',
    generator: undefined,
    pythonVersions: manifest.pythonVersions,
    contentHash: contentHash(manifest.toml, sha256),
    packages: resolution.packages,
    extras: extrasOf(manifest),
  };
}

async function resolve(
  problem: Problem,
  { index, emit, manifestText }: LockRequest & { readonly manifestText: string },
): Promise<Resolution> {
  const result = await answered(search(problem), index, {
    python: problem.root.python,
    searched: searchedSources(problem.sources)
      .filter(({ supplemental }) => !supplemental)
      .map(({ name }) => name),
    onProgress: (progress) => emit({ kind: 'resolve-progressed', ...progress }),
    onAnswer: (question, answer) => emit({ kind: 'notice', level: 3, text: answerLine(question, answer) }),
  });
  if (result.kind === 'resolution') return result;
  throw await failure(result, { index, manifestText });
}

/** The failure in words, with the places in the manifest that it is about, and near names of unknown projects. */
async function failure(
  derivation: Derivation,
  { index, manifestText }: { readonly index: LockRequest['index']; readonly manifestText: string },
): Promise<TercetError> {
  const { message, hints, wishes, unknown, proof } = explain(derivation);
  const found = [...hints];
  for (const name of unknown) {
    const near = (await index.search?.(name))?.filter((other) => other !== name) ?? [];
    if (near.length > 0)
      found.push(`Did you mean ${near.map((other) => `\`${other}\``).join(' or ')} instead of \`${name}\`?`);
  }
  for (const { name, text } of wishes) {
    const line = lineOf(manifestText, name);
    if (line !== undefined) found.push(`\`${text}\` is asked for in pyproject.toml, line ${line}.`);
  }
  return new TercetError('unsolvable', message, { hints: found, detail: { proof } });
}

/** The first line, from 1, that begins with a project's name in any spelling. */
function lineOf(text: string, name: ProjectName): number | undefined {
  const lines = text.split('\n');
  const at = lines.findIndex((line) => {
    const written = /^\s*(?:[\w-]+\s*=\s*\[\s*)?["']?([A-Za-z0-9][\w.-]*)/.exec(line)?.[1];
    return written !== undefined && projectName(written) === name;
  });
  return at < 0 ? undefined : at + 1;
}

/** Warnings are for reading: no more than this. */
const MOST_WARNINGS = 3;

function gapWarnings({ gaps }: Resolution): readonly string[] {
  const texts = new Set(
    gaps.map(
      ({ group, locked, requirement }) =>
        `Warning: ${locked.prettyName} (${locked.version.text}) requires ${requirement.prettyName} ` +
        `(${requirement.prettyConstraint}), which the lock leaves out in some environments of the group ${group}.`,
    ),
  );
  return [...texts].slice(0, MOST_WARNINGS);
}

function readPrevious(text: string | undefined, { regenerate, emit }: LockRequest): Lock | undefined {
  if (text === undefined || regenerate === true) return undefined;
  const lock = readLock(text);
  if (isNewerThanWritten(lock)) {
    emit({
      kind: 'warning',
      text:
        'The lock file might not be compatible with the current version of Poetry.\nUpgrade Poetry to ensure the lock file ' +
        'is read properly or, alternatively, regenerate the lock file with the `poetry lock` command.',
    });
  }
  return lock;
}

/** Root extras with the names of their requirements as written, repetitions kept. */
function extrasOf({ extras }: Manifest): ReadonlyMap<ExtraName, readonly string[]> {
  return new Map(
    [...extras].map(([extra, members]) => [extra, members.map(({ prettyName }) => prettyName).sort(byCodeUnits)]),
  );
}

function byCodeUnits(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function newlineOf(text: string | undefined): '\n' | '\r\n' {
  if (text === undefined) return EOL === '\r\n' ? '\r\n' : '\n';
  const end = text.indexOf('\n');
  return end > 0 && text[end - 1] === '\r' ? '\r\n' : '\n';
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

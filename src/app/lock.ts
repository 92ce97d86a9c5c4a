/** Locks a project: from `pyproject.toml`, the index and the previous lock to the text of `poetry.lock`. */

import { EOL } from 'node:os';
import { relative, resolve as resolvePath } from 'node:path';
import { realPath } from '../files/real-path.ts';
import { sha256 } from '../files/sha256.ts';
import { compareCodePoints } from '../ground/code-points.ts';
import { TercetError } from '../ground/error.ts';
import type { Emit } from '../ground/events.ts';
import { contentHash } from '../lock/content-hash.ts';
import type { Lock, LockedPackage } from '../lock/lock.ts';
import { readMergedLock } from '../lock/merge-conflict.ts';
import { formatLock, isNewerThanWritten, sameLock } from '../lock/poetry-lock.ts';
import type { Manifest } from '../manifest/manifest.ts';
import { type OwnExtras, spelledOut } from '../manifest/own-extras.ts';
import { readManifest } from '../manifest/read.ts';
import type { ExtraName, ProjectName } from '../names/name.ts';
import type { Requirement } from '../requirements/requirement.ts';
import { type Problem, type Resolution, search } from '../resolver/search.ts';
import { searchedFirst } from '../resolver/universal/world.ts';
import { tableAt } from '../toml/read.ts';
import { isEmptyRange } from '../versions/version-range.ts';
import { type AnswerOptions, type Answers, answered } from './answer.ts';
import { problemOf } from './problem.ts';
import { answerLine } from './trace.ts';

export interface LockRequest {
  /** The text of a file of the project; undefined where there is none. */
  readonly readText: (file: 'pyproject.toml' | 'poetry.lock') => Promise<string | undefined>;
  readonly emit: Emit;
  /** Emit a notice with each answer that the search is given. Default: false. */
  readonly tellsAnswers?: boolean;
  readonly index: Answers & {
    search?(name: ProjectName): Promise<readonly ProjectName[]>;
    /** Says which releases were not offered because they are too young. */
    tellIgnored?(emit: Emit, failed: boolean): void;
  };
  /** Forget the previous lock. Default: false. */
  readonly regenerate?: boolean;
  /** Projects to bring to their newest release; `all`: every locked one. Default: folders only, which are always read anew. */
  readonly update?: 'all' | ReadonlySet<ProjectName>;
  /** A manifest that is not written yet. Default: the file's text. */
  readonly manifestText?: string;
  /** What the manifest's text says, where that has been read already. */
  readonly manifest?: Manifest | undefined;
  /** Releases that are taken where they fit, as if they were locked. Default: none. */
  readonly preferred?: readonly LockedPackage[];
  /** The absolute folder of the lock: all paths in it start from there. Default: they stay as the requirements have them. */
  readonly directory?: string;
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
  const manifest = request.manifest ?? readManifest(manifestText);
  checkSomePython(manifest);
  const previousText = await request.readText('poetry.lock');
  const previous = readPrevious(previousText, request);
  const began = performance.now();
  emit({ kind: 'resolve-started' });
  const resolution = await resolve(problemOf(manifest, previous, { ...request, mend: mendOf(manifest) }), {
    ...request,
    manifestText,
    previous,
  });
  const found = lockOf(manifest, resolution);
  const { directory } = request;
  const lock =
    directory === undefined ? found : { ...found, packages: found.packages.map((one) => fromFolder(one, directory)) };
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
  if (resolution.gaps.length > 0 || resolution.mended.length > 0) {
    const { gapWarnings } = await import('./gap-warnings.ts');
    for (const text of gapWarnings(resolution)) emit({ kind: 'warning', text });
  }
  const lockText = formatLock(lock, newlineOf(previousText));
  return { lock, lockText, previous, changed: previousText === undefined || !sameLock(lockText, previousText) };
}

/** Nothing can be locked for a project that no Python is in the range of: no marker says "never". */
function checkSomePython({ python, pythonVersions }: Manifest): void {
  if (!isEmptyRange(python)) return;
  throw new TercetError(
    'manifest-invalid',
    `The project's Python range (${pythonVersions}) holds no version of Python`,
  );
}

/** `[tool.tercet] repair-lock`: whether the lock is to be right where Poetry's would not be, also in its markers. */
function mendOf({ toml }: Manifest): Problem['mend'] {
  return tableAt(toml, 'tool', 'tercet')?.['repair-lock'] === true ? 'all' : 'lost';
}

/** The package with its path, links resolved, seen from a folder: a lock is read where absolute paths are others. */
function fromFolder(locked: LockedPackage, folder: string): LockedPackage {
  const { source } = locked;
  if (source?.type !== 'file' && source?.type !== 'directory') return locked;
  const path = relative(realPath(folder), realPath(resolvePath(folder, source.url)));
  return { ...locked, source: { ...source, url: path.replaceAll('\\', '/') || '.' } };
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
  {
    index,
    emit,
    tellsAnswers,
    manifestText,
    previous,
    update,
    readText,
  }: LockRequest & {
    readonly manifestText: string;
    readonly previous: Lock | undefined;
  },
): Promise<Resolution> {
  const options: AnswerOptions = {
    python: problem.root.python,
    searched: searchedFirst(problem.sources),
  };
  const resolution = answered(search(problem), index, {
    ...options,
    onProgress: (progress) => emit({ kind: 'resolve-progressed', ...progress }),
    ...(tellsAnswers === true
      ? { onAnswer: (question, answer) => emit({ kind: 'notice', level: 3, text: answerLine(question, answer) }) }
      : {}),
  });
  const result = await resolution.catch(async (error: unknown) => {
    if (error instanceof TercetError && error.code === 'package-not-found' && previous !== undefined) {
      const { withUpdateHint } = await import('./gone-release.ts');
      throw await withUpdateHint(error, { problem, index, options });
    }
    if (error instanceof TercetError && error.code === 'incompatible-constraints') {
      const { withEdits } = await import('./incompatible.ts');
      const writtenText = (await readText('pyproject.toml')) ?? manifestText;
      throw await withEdits(error, { manifestText, writtenText, previous, update, index });
    }
    throw error;
  });
  index.tellIgnored?.(emit, result.kind !== 'resolution');
  if (result.kind === 'resolution') return result;
  const { unsolvable } = await import('./unsolvable.ts');
  const writtenText = (await readText('pyproject.toml')) ?? manifestText;
  throw await unsolvable({ derivation: result, manifestText, writtenText, previous, update, index });
}

function readPrevious(text: string | undefined, { regenerate, emit }: LockRequest): Lock | undefined {
  if (text === undefined || regenerate === true) return undefined;
  const { lock, isConflicted } = readMergedLock(text);
  if (isConflicted) {
    emit({
      kind: 'warning',
      text: 'The lock file holds git conflict marks: what either side has locked is kept where it fits.',
    });
  }
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
function extrasOf({ name, extras }: Manifest): ReadonlyMap<ExtraName, readonly string[]> {
  const own: OwnExtras = { project: name, membersOf: (extra) => extras.get(extra) };
  const names = (members: readonly Requirement[]) => spelledOut(members, own).map(({ prettyName }) => prettyName);
  return new Map([...extras].map(([extra, members]) => [extra, names(members).sort(compareCodePoints)]));
}

function newlineOf(text: string | undefined): '\n' | '\r\n' {
  if (text === undefined) return EOL === '\r\n' ? '\r\n' : '\n';
  const end = text.indexOf('\n');
  return end > 0 && text[end - 1] === '\r' ? '\r\n' : '\n';
}

/**
 * Drives a search: answers its questions from the world, each question once, and looks ahead so that by the time
 * something is asked it is mostly there. The order in which answers arrive has no influence on the result.
 */

import type { IndexClient } from '../index/client.ts';
import type { LockedFile } from '../lock/lock.ts';
import type { ProjectName } from '../names/name.ts';
import { glimpse } from '../requirements/glimpse.ts';
import type { Requirement } from '../requirements/requirement.ts';
import type { Answer, AskedRelease, Question, Release, ReleaseMetadata, Unavailable } from '../resolver/question.ts';
import { bestFirst, selectable } from '../resolver/universal/candidates.ts';
import type { Version } from '../versions/version.ts';
import type { VersionRange } from '../versions/version-range.ts';

/** Where answers come from: an index, of which only `versions` … `origin` must be there. Rejects only for what ends the command. */
export interface Answers extends Pick<IndexClient, 'versions' | 'metadata' | 'lockedFiles' | 'origin'> {
  /** The same answers where they are there without waiting. Default: all must be waited for. */
  readonly atHand?: IndexClient['atHand'];
}

export interface AnswerOptions {
  /** The project's Pythons: what no environment of it needs is not looked at in advance. */
  readonly python: VersionRange;
  /** The sources that are searched without being named, in order. */
  readonly searched: readonly (string | undefined)[];
  /** Called when something is asked, but not more often than one can see. */
  readonly onProgress?: (progress: Progress) => void;
  /** Called with every question and its answer. */
  readonly onAnswer?: (question: Asked, answer: Answer) => void;
}

/** How far a search is: what it asks about, how many packages are decided, and how many questions were asked so far. */
export interface Progress {
  readonly project: ProjectName;
  readonly decided: number;
  readonly asked: number;
}

/** Milliseconds between two reports of progress. */
const PROGRESS_PAUSE = 50;

/** The result of a search, its questions answered by `answers`. */
export async function answered<Result>(
  asking: Generator<Question, Result, Answer>,
  answers: Answers,
  options: AnswerOptions,
): Promise<Result> {
  const desk = new Desk(answers);
  const scout = new Scout(desk, options);
  try {
    let asked = 0;
    let told = Number.NEGATIVE_INFINITY;
    let step = asking.next();
    while (step.done !== true) {
      const question = step.value;
      if (question.kind === 'prefetch') {
        for (const wish of question.wishes) scout.lookAt(wish);
        step = asking.next({ kind: 'noted' });
        continue;
      }
      if (question.kind === 'files') {
        const answer = desk.files(question.releases);
        step = asking.next(answer instanceof Promise ? await answer : answer);
        continue;
      }
      asked += 1;
      scout.noteAsked(question);
      if (options.onProgress !== undefined && performance.now() - told >= PROGRESS_PAUSE) {
        told = performance.now();
        options.onProgress({ project: question.project, decided: question.decided ?? 0, asked });
      }
      let answer = desk.known(question);
      if (answer === undefined) {
        scout.wake();
        answer = await desk.answer(question);
      }
      options.onAnswer?.(question, answer);
      step = asking.next(answer);
    }
    return step.value;
  } finally {
    scout.stop();
  }
}

type Asked = Exclude<Question, { kind: 'prefetch' | 'files' }>;

/** Every question once. */
class Desk {
  readonly #answers: Answers;
  readonly #pending = new Map<string, Promise<Answer>>();
  readonly #known = new Map<string, Answer>();

  constructor(answers: Answers) {
    this.#answers = answers;
  }

  /** True where nothing is there without waiting. */
  get isRemote(): boolean {
    return this.#answers.atHand === undefined;
  }

  /** The answer, where it is there already. */
  known(question: Asked): Answer | undefined {
    return this.#known.get(keyOf(question)) ?? this.#atHand(question);
  }

  /** The files of releases, all asked for together where they are not there already. */
  files(releases: readonly AskedRelease[]): Answer | Promise<Answer> {
    const { atHand } = this.#answers;
    const found = releases.map(
      ({ project, version, source }) =>
        atHand?.lockedFiles(project, version, source) ?? this.#answers.lockedFiles(project, version, source),
    );
    return areThere(found) ? filed(found) : Promise.all(found).then(filed);
  }

  #atHand(question: Asked): Answer | undefined {
    const { atHand } = this.#answers;
    if (atHand === undefined || question.kind === 'origin') return undefined;
    const { project, source } = question;
    if (question.kind === 'versions') {
      const found = atHand.versions(project, source);
      return found === undefined ? undefined : listed(found);
    }
    const found = atHand.metadata(project, question.version, source);
    return found === undefined ? undefined : described(found);
  }

  isAsked(question: Asked): boolean {
    return this.#pending.has(keyOf(question));
  }

  answer(question: Asked): Promise<Answer> {
    const key = keyOf(question);
    let pending = this.#pending.get(key);
    if (pending === undefined) {
      pending = this.#ask(question).then((answer) => {
        this.#known.set(key, answer);
        return answer;
      });
      this.#pending.set(key, pending);
    }
    return pending;
  }

  async #ask(question: Asked): Promise<Answer> {
    switch (question.kind) {
      case 'versions':
        return listed(await this.#answers.versions(question.project, question.source));
      case 'metadata':
        return described(await this.#answers.metadata(question.project, question.version, question.source));
      case 'origin':
        return described(await this.#answers.origin(question.project, question.origin));
    }
  }
}

function listed(found: readonly Release[] | Unavailable): Answer {
  return 'kind' in found ? { kind: 'unavailable', reason: found } : { kind: 'versions', releases: found };
}

type Files = readonly LockedFile[] | Unavailable;

function areThere(found: readonly (Files | Promise<Files>)[]): found is readonly Files[] {
  return found.every((one) => !(one instanceof Promise));
}

function filed(found: readonly Files[]): Answer {
  const files: (readonly LockedFile[])[] = [];
  for (const one of found) {
    if ('kind' in one) return { kind: 'unavailable', reason: one };
    files.push(one);
  }
  return { kind: 'files', files };
}

function described(found: ReleaseMetadata | Unavailable): Answer {
  return 'kind' in found ? { kind: 'unavailable', reason: found } : { kind: 'metadata', metadata: found };
}

/** Exact releases of one project that were announced. */
interface Trail {
  readonly waiting: Asked[];
  /** Keys of what has been started on and not been asked for. */
  readonly unasked: Set<string>;
  hits: number;
}

/** How many releases of a project are started on before one of them is asked for. */
const LEAST_AHEAD = 3;
/** So many that were asked for let one more be started on ahead. */
const HITS_EACH = 4;

/**
 * Goes ahead of the search along the newest releases. What it guesses wrongly costs a request and nothing else. It sleeps until
 * something has to be waited for: what is at hand need not be fetched early.
 */
class Scout {
  readonly #desk: Desk;
  readonly #options: AnswerOptions;
  readonly #seen = new Set<string>();
  readonly #trails = new Map<ProjectName, Trail>();
  /** What was announced while it slept; undefined once it is awake. */
  #slept: Requirement[] | undefined = [];
  #isStopped = false;

  constructor(desk: Desk, options: AnswerOptions) {
    this.#desk = desk;
    this.#options = options;
    if (desk.isRemote) this.wake();
  }

  /** From now on it goes ahead. */
  wake(): void {
    const wishes = this.#slept;
    this.#slept = undefined;
    for (const wish of wishes ?? []) this.lookAt(wish);
  }

  /** Starts fetching what the search will ask about a requirement. */
  lookAt(wish: Requirement): void {
    if (this.#slept !== undefined) {
      this.#slept.push(wish);
      return;
    }
    this.#follow(wish).catch(() => {
      // Whoever asks the same question in earnest gets the error.
    });
  }

  /** What was guessed and is asked for lets more be guessed. */
  noteAsked(question: Asked): void {
    const trail = this.#trails.get(question.project);
    if (trail?.unasked.delete(keyOf(question)) !== true) return;
    trail.hits += 1;
    this.#walk(trail);
  }

  stop(): void {
    this.#isStopped = true;
  }

  async #follow(wish: Requirement): Promise<void> {
    const { name, constraint, extras } = wish;
    if (this.#isStopped || wish.origin.kind !== 'index') return;
    const key = `${name}[${extras.join(',')}] ${wish.source ?? ''} ${wish.prettyConstraint}`;
    if (this.#seen.has(key)) return;
    this.#seen.add(key);
    if (constraint.kind === 'version') {
      let trail = this.#trails.get(name);
      if (trail === undefined) {
        trail = { waiting: [], unasked: new Set(), hits: 0 };
        this.#trails.set(name, trail);
      }
      const source = wish.source ?? this.#options.searched[0];
      trail.waiting.push({ kind: 'metadata', project: name, version: constraint.version, source });
      this.#walk(trail);
      return;
    }
    const best = await this.#best(wish);
    if (best === undefined || this.#isStopped) return;
    const metadata = await this.#describe(name, best.release.version, best.source);
    if (metadata === undefined) return;
    for (const line of metadata.requiresDist ?? []) {
      const next = glimpse(line, { python: this.#options.python, extras });
      if (next !== undefined && this.#isFirstOfProject(next)) this.lookAt(next);
    }
  }

  /** Starts on the next releases of a project, the further ahead of the search the more guesses have been right. */
  #walk(trail: Trail): void {
    while (!this.#isStopped && trail.unasked.size < LEAST_AHEAD + trail.hits / HITS_EACH) {
      const next = trail.waiting.shift();
      if (next === undefined) return;
      if (this.#desk.isAsked(next)) continue;
      trail.unasked.add(keyOf(next));
      this.#desk.answer(next).catch(() => {
        // Whoever asks the same question in earnest gets the error.
      });
    }
  }

  /** The release that the search would choose if nothing else were wanted. */
  async #best(
    wish: Requirement,
  ): Promise<{ readonly release: Release; readonly source: string | undefined } | undefined> {
    const { name: project, allowPrereleases } = wish;
    const places = wish.source === undefined ? this.#options.searched : [wish.source];
    for (const source of places) {
      const answer = await this.#desk.answer({ kind: 'versions', project, source });
      if (answer.kind !== 'versions') continue;
      const [release] = bestFirst(selectable(answer.releases, wish), allowPrereleases);
      if (release !== undefined) return { release, source };
    }
    return undefined;
  }

  async #describe(
    project: ProjectName,
    version: Version,
    source: string | undefined,
  ): Promise<ReleaseMetadata | undefined> {
    const answer = await this.#desk.answer({ kind: 'metadata', project, version, source });
    return answer.kind === 'metadata' ? answer.metadata : undefined;
  }

  /** Beyond what the search announces, one guess for each project is enough. */
  #isFirstOfProject({ name, extras }: Requirement): boolean {
    const key = `${name}[${extras.join(',')}]`;
    if (this.#seen.has(key)) return false;
    this.#seen.add(key);
    return true;
  }
}

function keyOf(question: Asked): string {
  switch (question.kind) {
    case 'versions':
      return `${question.project}\n${question.source ?? ''}`;
    case 'metadata':
      return `${question.project}\n${question.source ?? ''}\n${question.version.text}`;
    case 'origin':
      return JSON.stringify([question.project, question.origin]);
  }
}

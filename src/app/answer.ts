/**
 * Drives a search: answers its questions from the world, each question once, and looks ahead so that by the time
 * something is asked it is mostly there. The order in which answers arrive has no influence on the result.
 */

import { pythonConstraintOf } from '../markers/marker.ts';
import type { ExtraName, ProjectName } from '../names/name.ts';
import type { Origin, Requirement } from '../requirements/requirement.ts';
import type { Answer, Question, Release, ReleaseMetadata, Unavailable } from '../resolver/question.ts';
import { bestFirst, selectable } from '../resolver/universal/candidates.ts';
import type { Version } from '../versions/version.ts';
import { allowsAny, isAnyRange, type VersionRange } from '../versions/version-range.ts';

/** Where answers come from. Rejects only for what ends the command. */
export interface Answers {
  /** All releases of a project. `source` undefined: the default index. */
  versions(project: ProjectName, source: string | undefined): Promise<readonly Release[] | Unavailable>;
  metadata(project: ProjectName, version: Version, source: string | undefined): Promise<ReleaseMetadata | Unavailable>;
  /** The one distribution of a direct origin; paths are relative to the project. */
  origin(project: ProjectName, origin: Origin): Promise<ReleaseMetadata | Unavailable>;
}

export interface AnswerOptions {
  /** The project's Pythons: what no environment of it needs is not looked at in advance. */
  readonly python: VersionRange;
  /** The sources that are searched without being named, in order. */
  readonly searched: readonly (string | undefined)[];
  /** Called when an answer is waited for; `asked` counts the questions so far. */
  readonly onWait?: (project: ProjectName, asked: number) => void;
  /** Called with every question and its answer. */
  readonly onAnswer?: (question: Asked, answer: Answer) => void;
}

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
    let step = asking.next();
    while (step.done !== true) {
      const question = step.value;
      if (question.kind === 'prefetch') {
        for (const wish of question.wishes) scout.lookAt(wish);
        step = asking.next({ kind: 'noted' });
        continue;
      }
      asked += 1;
      let answer = desk.known(question);
      if (answer === undefined) {
        options.onWait?.(question.project, asked);
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

type Asked = Exclude<Question, { kind: 'prefetch' }>;

/** Every question once. */
class Desk {
  readonly #answers: Answers;
  readonly #pending = new Map<string, Promise<Answer>>();
  readonly #known = new Map<string, Answer>();

  constructor(answers: Answers) {
    this.#answers = answers;
  }

  /** The answer, where it is there already. */
  known(question: Asked): Answer | undefined {
    return this.#known.get(keyOf(question));
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
      case 'versions': {
        const found = await this.#answers.versions(question.project, question.source);
        return 'kind' in found ? { kind: 'unavailable', reason: found } : { kind: 'versions', releases: found };
      }
      case 'metadata':
        return described(await this.#answers.metadata(question.project, question.version, question.source));
      case 'origin':
        return described(await this.#answers.origin(question.project, question.origin));
    }
  }
}

function described(found: ReleaseMetadata | Unavailable): Answer {
  return 'kind' in found ? { kind: 'unavailable', reason: found } : { kind: 'metadata', metadata: found };
}

/** Goes ahead of the search along the newest releases. What it guesses wrongly costs a request and nothing else. */
class Scout {
  readonly #desk: Desk;
  readonly #options: AnswerOptions;
  readonly #seen = new Set<string>();
  #isStopped = false;

  constructor(desk: Desk, options: AnswerOptions) {
    this.#desk = desk;
    this.#options = options;
  }

  /** Starts fetching what the search will ask about a requirement. */
  lookAt(wish: Requirement): void {
    this.#follow(wish).catch(() => {
      // Whoever asks the same question in earnest gets the error.
    });
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
      await this.#describe(name, constraint.version, wish.source ?? this.#options.searched[0]);
      return;
    }
    const best = await this.#best(wish);
    if (best === undefined || this.#isStopped) return;
    const metadata = await this.#describe(name, best.release.version, best.source);
    if (metadata === undefined) return;
    for (const next of metadata.requirements) {
      if (this.#isFirstOfProject(next) && this.#matters(next, extras)) this.lookAt(next);
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

  #matters({ marker, inExtras, optional }: Requirement, extras: readonly ExtraName[]): boolean {
    if (optional && !inExtras.some((extra) => extras.includes(extra))) return false;
    const python = pythonConstraintOf(marker);
    return isAnyRange(python) || allowsAny(this.#options.python, python);
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

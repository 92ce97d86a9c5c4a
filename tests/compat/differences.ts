/** Where tercet differs on purpose: docs/differences.md in the words of this comparison. */

export type Part = 'exit code' | 'output' | 'files' | 'errors';

/** What a command line did. */
export type Result = Readonly<Record<Part, string>>;

interface Meant {
  /** Of the scenario and the command line, `scenario: line`. */
  readonly where: RegExp;
  readonly parts: readonly Part[];
  readonly reason: string;
}

const MEANT: readonly Meant[] = [
  {
    where: /^add and remove: remove epsilon/,
    parts: ['output', 'files'],
    reason:
      'an extra that still lists the package keeps it in the lock; Poetry leaves a lock in which the extra is empty',
  },
  {
    where: /^legacy project: add delta --optional fast --lock/,
    parts: ['files'],
    reason: 'the extra is not filled in a legacy project, and the lock does not claim that it is',
  },
  {
    where: /^new and init: (?:new bad|new$|init|check)/,
    parts: ['files'],
    reason: 'a project that could not be made leaves nothing behind; what Poetry left stays for the lines after it',
  },
  {
    where: /^debugging and searching: debug resolve alpha gamma-ray\[fast\]/,
    parts: ['output'],
    reason: 'extras in brackets count; in Poetry only those of -E do',
  },
  {
    where: /^command lines: -C src check/,
    parts: ['exit code', 'output', 'errors'],
    reason: 'the project is looked for upwards of a relative -C too',
  },
  {
    where: /^command lines: help nonsense/,
    parts: ['errors'],
    reason: 'what does not exist is `nonsense`, not `help`',
  },
  {
    where: /^add and remove: add gamma.ray\[fast\]@\*/,
    parts: ['errors'],
    reason: 'a missing folder is said once',
  },
  {
    where: /^new and init: new bad/,
    parts: ['errors'],
    reason:
      'the form that an author must have is said; nothing of the first failure is there to be in the way of the second',
  },
  {
    where: /^environments: env remove nothing/,
    parts: ['errors'],
    reason: 'what cannot be found is said in words',
  },
  {
    where: /^packages: about/,
    parts: ['output'],
    reason: 'each says what it is itself',
  },
  {
    where: /^caches and Pythons: python install 3.99.0/,
    parts: ['errors'],
    reason: 'builds are asked for where they are released; the list that comes with Poetry ends with its own release',
  },
  {
    where: /^sources: source /,
    parts: ['files'],
    reason: 'one blank line between sources; no empty array after the last',
  },
];

/** What tercet says beside Poetry's words: hints below an error. */
const HINTS = /^hint: .*(?:\n {2,}.*)*\n+/gm;
/** The lines of `pyproject.toml` that a failed resolution names. */
const LINES_AT_FAULT = /^In pyproject\.toml:\n(?: +(?:\d+|\+) \|.*(?:\n|$))+/gm;
/** An environment is made by the command that needs it; Poetry also makes one for commands that only read the lock. */
const CREATING = /^Creating virtualenv .*\n/gm;
/** The environment's name holds a hash of the project's path, which is another one on each side. */
const PATH_HASH = /(?<=")([a-z-]+)-[\w-]{8}(?=-py)/g;

/** What is left of standard error once that is taken away which may differ in every command. */
export function comparableErrors(text: string): string {
  return text
    .replace(HINTS, '')
    .replace(LINES_AT_FAULT, '')
    .replace(CREATING, '')
    .replace(PATH_HASH, '$1-<hash>')
    .trim();
}

/** Why the part differs; undefined where it should not. */
export function differenceReason(scenario: string, line: string, part: Part): string | undefined {
  return MEANT.find(({ where, parts }) => where.test(`${scenario}: ${line}`) && parts.includes(part))?.reason;
}

/** One part of what a drawn command line did, on both sides. */
interface Drawn {
  readonly line: string;
  readonly part: Part;
  readonly theirs: Result;
  readonly ours: Result;
}

/** What cannot be foreseen when projects are drawn: told by what Poetry did. */
const MEANT_OF_DRAWN: readonly { readonly when: (drawn: Drawn) => boolean; readonly reason: string }[] = [
  {
    when: ({ theirs }) => /Group\(s\) not found: .*\bmain\b/.test(theirs.errors),
    reason: 'one command line for all projects, also for those that require nothing',
  },
  {
    when: ({ line, part, theirs }) =>
      (part === 'errors' || /\b(?:config|run)\b/.test(line)) &&
      /configuration is invalid|At least one source must not be|is not a subset of "requires-python"|This project requires Poetry/.test(
        theirs.errors,
      ),
    reason: 'what is wrong with a project is told where it is asked, and after what is wrong with the command line',
  },
  {
    when: ({ theirs }) => /SolveFailureError|depends on poetry-core/.test(theirs.errors + theirs.output),
    reason: 'the index has no poetry-core to build with',
  },
  {
    when: ({ line, theirs }) => /\bshow\b/.test(line) && hasTwoVersions(theirs.files),
    reason: 'of two versions in the lock, the one that `install` takes is shown',
  },
  {
    when: ({ part, theirs }) => part === 'errors' && /^Path .* does not exist$/m.test(theirs.errors),
    reason: 'a missing folder is said once',
  },
  {
    when: ({ part, theirs }) => part === 'errors' && /version solving failed|^Did you mean/m.test(theirs.errors),
    reason: 'the cause of a failure comes before the proof; slips of the fingers are told in words',
  },
  {
    when: ({ theirs, ours }) => /^Repository ".*" does not exist\.$/m.test(theirs.errors) && ours['exit code'] === '0',
    reason: 'what a source that is gone had is looked for in the sources that are there',
  },
];

function hasTwoVersions(files: string): boolean {
  const names = [...files.matchAll(/^\[\[package\]\]\nname = (.*)$/gm)].map(([, name]) => name);
  return new Set(names).size < names.length;
}

/** Why the part differs after a drawn command line; undefined where it should not. */
export function drawnDifferenceReason(drawn: Drawn): string | undefined {
  return MEANT_OF_DRAWN.find(({ when }) => when(drawn))?.reason;
}

/** Files without what an edit of sources lays out otherwise: blank lines, and the empty array after the last. */
export function comparableFiles(text: string): string {
  return text.replace(/\r?\n(?:\r?\n)+/g, '\n').replace(/^source = \[\]\n/gm, '');
}

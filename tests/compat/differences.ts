/** Where tercet differs on purpose: docs/differences.md in the words of this comparison. */

type Part = 'exit code' | 'output' | 'files' | 'errors';

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
    parts: ['exit code', 'output'],
    reason: 'the project is looked for upwards of a relative -C too',
  },
  {
    where: /^sources: source /,
    parts: ['files'],
    reason: 'one blank line between sources; no empty array after the last',
  },
];

/** Why the part differs; undefined where it should not. */
export function differenceReason(scenario: string, line: string, part: Part): string | undefined {
  return MEANT.find(({ where, parts }) => where.test(`${scenario}: ${line}`) && parts.includes(part))?.reason;
}

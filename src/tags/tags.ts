/**
 * Compatibility tags: which wheels an interpreter can use, and which of them it likes best.
 * https://packaging.python.org/en/latest/specifications/platform-compatibility-tags/ (PEP 425, 384, 803)
 *
 * A tag is `<python>-<abi>-<platform>`, lower-case. Lists have the most wanted tag first, in the order of `packaging`.
 * The platforms of an interpreter come from `platforms.ts`, its ABIs from `abis.ts`.
 */

import { ParseError } from '../ground/error.ts';

/** Major and minor number of a Python: `[3, 12]`. */
export type PythonVersion = readonly [number, number];

/** What decides about an interpreter's tags. */
export interface TagFacts {
  /** `sys.implementation.name`: `cpython`, `pypy`, …; `cpython` also for CPython 2.7. */
  readonly implementation: string;
  readonly version: PythonVersion;
  /** ABI tags, the interpreter's own first: `['cp312']`, `['pypy310_pp73']`. */
  readonly abis: readonly string[];
  /** Platform tags, the most specific first. */
  readonly platforms: readonly string[];
}

/** Abbreviations of PEP 425; other implementations go by their name. */
const SHORT_NAMES: ReadonlyMap<string, string> = new Map([
  ['python', 'py'],
  ['cpython', 'cp'],
  ['pypy', 'pp'],
  ['ironpython', 'ip'],
  ['jython', 'jy'],
]);

/** The tags that a compressed tag set such as `py2.py3-none-any` stands for, as written from left to right. Throws `ParseError`. */
export function parseTag(text: string): string[] {
  const [pythons, abis, platforms, rest] = text
    .toLowerCase()
    .split('-')
    .map((part) => part.split('.'));
  if (pythons === undefined || abis === undefined || platforms === undefined || rest !== undefined) {
    throw new ParseError(`Tag '${text}' must have exactly three components`, text);
  }
  if ([...pythons, ...abis, ...platforms].includes(''))
    throw new ParseError(`Tag '${text}' has an empty component`, text);
  if (!pythons.every((python) => IDENTIFIER.test(python))) {
    throw new ParseError(`Tag '${text}' has an invalid interpreter`, text);
  }
  return pythons.flatMap((python) =>
    abis.flatMap((abi) => platforms.map((platform) => `${python}-${abi}-${platform}`)),
  );
}

const IDENTIFIER = /^[\p{XID_Start}_]\p{XID_Continue}*$/u;

/** The tags that an interpreter supports, best first. */
export function supportedTags(facts: TagFacts): readonly string[] {
  const { implementation, version, abis, platforms } = facts;
  const short = SHORT_NAMES.get(implementation) ?? implementation;
  if (short === 'cp') {
    return [...cpythonTags(version, abis, platforms), ...compatibleTags(version, `cp${joined(version)}`, platforms)];
  }
  const interpreter = short === 'pp' ? `pp${version[0]}` : undefined;
  return [
    ...genericTags(`${short}${joined(version)}`, abis, platforms),
    ...compatibleTags(version, interpreter, platforms),
  ];
}

/** The rank of each tag: 0 for the best. */
export function tagRanks(tags: readonly string[]): ReadonlyMap<string, number> {
  const ranks = new Map<string, number>();
  for (const [rank, tag] of tags.entries()) if (!ranks.has(tag)) ranks.set(tag, rank);
  return ranks;
}

/** The best rank that any of a wheel's tags has, or undefined where the interpreter supports none of them. */
export function bestRank(tags: readonly string[], ranks: ReadonlyMap<string, number>): number | undefined {
  let best: number | undefined;
  for (const tag of tags) {
    const rank = ranks.get(tag);
    if (rank !== undefined && (best === undefined || rank < best)) best = rank;
  }
  return best;
}

/** Tags of extension modules for a CPython: its own ABIs, the stable ABI, none, and the stable ABI of older versions. */
export function cpythonTags(version: PythonVersion, abis: readonly string[], platforms: readonly string[]): string[] {
  const [major, minor] = version;
  const interpreter = `cp${joined(version)}`;
  const freeThreaded = /^cp[0-9]+[^t]*t/.test(abis[0] ?? '');
  const stable = freeThreaded ? 'abi3t' : 'abi3';
  const own = abis.filter((abi) => abi !== 'abi3' && abi !== 'none' && abi !== stable);
  const hasStable = major > 3 || (major === 3 && minor >= 2);

  const tags = product([interpreter], [...own, ...(hasStable ? [stable] : []), 'none'], platforms);
  if (hasStable) {
    for (let older = minor - 1; older > 1; older--) tags.push(...product([`cp${major}${older}`], [stable], platforms));
  }
  return tags;
}

/** Tags of extension modules for an interpreter that has no rules of its own: its ABIs and none. */
function genericTags(interpreter: string, abis: readonly string[], platforms: readonly string[]): string[] {
  return product([interpreter], abis.includes('none') ? abis : [...abis, 'none'], platforms);
}

/** Tags of wheels without extension modules: for this version and, after the major version alone, all older ones. */
export function compatibleTags(
  version: PythonVersion,
  interpreter: string | undefined,
  platforms: readonly string[],
): string[] {
  const [major, minor] = version;
  const pythons = [`py${joined(version)}`, `py${major}`];
  for (let older = minor - 1; older >= 0; older--) pythons.push(`py${major}${older}`);
  const own = interpreter === undefined ? [] : [`${interpreter}-none-any`];
  return [...product(pythons, ['none'], platforms), ...own, ...product(pythons, ['none'], ['any'])];
}

function joined(version: PythonVersion): string {
  return version.join('');
}

function product(pythons: readonly string[], abis: readonly string[], platforms: readonly string[]): string[] {
  const tags: string[] = [];
  for (const python of pythons) {
    for (const abi of abis) {
      for (const platform of platforms) tags.push(`${python}-${abi}-${platform}`);
    }
  }
  return tags;
}

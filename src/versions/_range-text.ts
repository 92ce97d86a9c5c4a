/**
 * The text of a range, as Poetry writes it in locks and messages: `>=1.0,<2.0`, `==1.*`, `>=1,!=1.5,<2`, `<1 || >=2`, `*`, `<empty>`.
 */

import { firstDevrelease, withoutDevrelease } from './next-version.ts';
import type { Version } from './version.ts';
import { isUnstable, sameVersion } from './version.ts';
import type { Stretch, UnionRange, VersionRange } from './version-range.ts';

/**
 * The range's text. An exclusive upper bound such as `2.0.dev0` is written as the `<2.0` that it was parsed from, so two ranges
 * with one text need not be the same; the text of a single version has no operator.
 */
export function formatRange(range: VersionRange): string {
  switch (range.kind) {
    case 'any':
      return '*';
    case 'empty':
      return '<empty>';
    case 'version':
      return range.version.text;
    case 'range': {
      const { min, max } = range;
      if (
        min !== undefined &&
        max !== undefined &&
        range.includeMin &&
        !range.includeMax &&
        isWildcard(min, max, min)
      ) {
        return `==${wildcardText(min, max)}`;
      }
      return lowerText(range) + (min !== undefined && max !== undefined ? ',' : '') + upperText(range);
    }
    case 'union':
      return excludedWildcard(range) ?? unionText(range);
  }
}

/** Whether the range is all but the versions of one wildcard, such as `!=1.5.*`. */
export function excludesSingleWildcard(range: VersionRange): boolean {
  return range.kind === 'union' && excludedWildcard(range) !== undefined;
}

function lowerText({ min, includeMin }: Stretch): string {
  return min === undefined ? '' : `${includeMin ? '>=' : '>'}${min.text}`;
}

function upperText({ max, includeMax }: Stretch): string {
  if (max === undefined) return '';
  if (includeMax) return `<=${max.text}`;
  const stable = max.dev === 0 ? withoutDevrelease(max) : max;
  return `<${isUnstable(stable) ? max.text : stable.text}`;
}

/** Stretches that meet at an excluded version are written as one with a `!=`, the others joined by `||`. */
function unionText(range: UnionRange): string {
  const runs: Stretch[][] = [];
  let run: Stretch[] = [];
  for (const stretch of range.ranges) {
    const previous = run.at(-1);
    if (previous !== undefined && meetsAtHole(previous, stretch)) run.push(stretch);
    else {
      run = [stretch];
      runs.push(run);
    }
  }
  return runs.map(runText).join(' || ');
}

function runText(run: readonly Stretch[]): string {
  const [first] = run;
  const last = run.at(-1);
  if (first === undefined || last === undefined) return '';
  if (first === last) return formatRange(first);
  const holes = run.slice(0, -1).map((stretch) => `!=${stretch.max?.text}`);
  return [lowerText(first), ...holes, upperText(last)].filter((part) => part !== '').join(',');
}

function meetsAtHole(a: Stretch, b: Stretch): boolean {
  if (a.max === undefined || b.min === undefined || a.includeMax || b.includeMin) return false;
  return sameVersion(a.max, b.min);
}

/** `!=X.*` where the union is all but a wildcard's versions. */
function excludedWildcard(range: UnionRange): string | undefined {
  const [one, two, three] = range.ranges;
  if (one === undefined || two === undefined || three !== undefined) return undefined;
  if (one.min !== undefined || one.max === undefined || one.includeMax) return undefined;
  if (two.min === undefined || two.max !== undefined || !two.includeMin) return undefined;
  return isWildcard(one.max, two.min, two.min) ? `!=${wildcardText(one.max, two.min)}` : undefined;
}

/**
 * Whether `>=first,<second` is a wildcard's range. `lower` is the bound that begins a range: the first, or, where the
 * wildcard is what is excluded, the second; it has to begin at its very first dev-release.
 */
function isWildcard(first: Version, second: Version, lower: Version): boolean {
  const upper = lower === first ? second : first;
  if (first.local !== undefined || second.local !== undefined) return false;
  if (first.pre !== undefined || second.pre !== undefined) return false;
  if ((first.post === undefined) !== (second.post === undefined)) return false;
  if (!sameVersion(firstDevrelease(lower), lower)) return false;
  if (upper.dev !== undefined && !sameVersion(firstDevrelease(upper), upper)) return false;

  const end = significant(second.release);
  if (end.length === 0 || first.release.slice(end.length).some((component) => component !== 0)) return false;
  const last = end.length - 1;
  const begin = end.map((_, index) => first.release[index] ?? 0);
  if (first.post !== undefined) return first.post + 1 === second.post && begin.every((n, index) => n === end[index]);
  return begin.every((n, index) => (index < last ? n : n + 1) === end[index]);
}

/** The wildcard: the post-release, or the upper bound's components less one, and `.*`. The epoch is left out, as in Poetry. */
function wildcardText(first: Version, second: Version): string {
  if (first.post !== undefined) return `${withoutDevrelease(first).text}.*`;
  const end = significant(second.release);
  return `${end.with(-1, (end.at(-1) ?? 1) - 1).join('.')}.*`;
}

/** The components without trailing zeros. */
function significant(release: readonly number[]): readonly number[] {
  let length = release.length;
  while (length > 0 && release[length - 1] === 0) length--;
  return release.slice(0, length);
}

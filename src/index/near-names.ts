/** Names that somebody may have meant. */

import type { ProjectName } from '../names/name.ts';

const MOST = 9;

/** Those of `known` that contain the name or are a few slips away from it, nearest first; without the name itself. */
export function nearNames(name: ProjectName, known: readonly string[]): readonly ProjectName[] {
  const near = new Map<string, number>();
  for (const other of new Set(known)) {
    if (other === name || !/^[a-z0-9-]+$/.test(other)) continue;
    if (other.includes(name)) near.set(other, 1 + other.length - name.length);
    else if (Math.abs(other.length - name.length) <= 2) {
      const slips = distance(name, other);
      if (slips <= (name.length < 5 ? 1 : 2)) near.set(other, slips);
    }
  }
  return [...near]
    .sort(([a, x], [b, y]) => x - y || (a < b ? -1 : 1))
    .slice(0, MOST)
    .map(([other]) => other as ProjectName);
}

/** Insertions, deletions, replacements and swaps of neighbours between two texts. */
function distance(a: string, b: string): number {
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let best = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + (same ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        best = Math.min(best, (before[j - 2] ?? 0) + 1);
      row.push(best);
    }
    before = last;
    last = row;
  }
  return last[b.length] ?? 0;
}

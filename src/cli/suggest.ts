/** Names that could have been meant: near by edit distance, or containing what was written. */

/**
 * Of `names`, those within a third of `name`'s length in edits, or containing it; the nearest first.
 */
export function similarNames(name: string, names: readonly string[]): string[] {
  const found: { readonly name: string; readonly distance: number; readonly at: number }[] = [];
  for (const one of names) {
    const distance = editDistance(name, one);
    const at = one.indexOf(name);
    if (distance <= name.length / 3 || at >= 0)
      found.push({ name: one, distance, at: at < 0 ? Number.MAX_SAFE_INTEGER : at });
  }
  return found.sort((a, b) => a.distance - b.distance || a.at - b.at).map((one) => one.name);
}

/** Insertions, deletions, replacements and swaps of neighbours between two texts, in UTF-16 units. */
export function editDistance(a: string, b: string): number {
  let before: readonly number[] = [];
  let row: readonly number[] = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let i = 0; i < a.length; i++) {
    const next = [i + 1];
    for (let j = 0; j < b.length; j++) {
      const replace = (row[j] ?? 0) + (a[i] === b[j] ? 0 : 1);
      const isSwap = i > 0 && j > 0 && a[i] === b[j - 1] && a[i - 1] === b[j];
      const swap = isSwap ? (before[j - 1] ?? 0) + 1 : Number.MAX_SAFE_INTEGER;
      next.push(Math.min(replace, swap, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    }
    before = row;
    row = next;
  }
  return row[b.length] ?? 0;
}

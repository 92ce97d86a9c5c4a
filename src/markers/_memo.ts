/**
 * The tables in which this room remembers what it worked out. They live as long as the process: one lock asks the
 * same few thousand questions hundreds of thousands of times.
 */

const tables: { clear(): void }[] = [];

/** A table that `clearMarkerCaches` empties. */
export function memoTable<Key, Value>(): Map<Key, Value> {
  const table = new Map<Key, Value>();
  tables.push(table);
  return table;
}

/** Forgets every answer, as if the process had just started. Markers that exist stay valid and comparable. */
export function clearMarkerCaches(): void {
  for (const table of tables) table.clear();
}

/** Above every id: two ids make one exact number. */
const ID_LIMIT = 2 ** 26;

/** One number for two ids in that order. */
export function pairOf(first: number, second: number): number {
  return first * ID_LIMIT + second;
}

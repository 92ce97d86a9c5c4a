/** Finding sections of a `pyproject.toml` as plain values. */

import { type TomlTable, tableAt } from '../toml/read.ts';

/** The key of a table that means `name`; `name` itself where there is none. */
export function spelled(table: TomlTable | undefined, name: string, normalized: (text: string) => string): string {
  return Object.keys(table ?? {}).find((key) => normalized(key) === normalized(name)) ?? name;
}

/** What stands at a path of keys. */
export function valueAt(toml: TomlTable, path: readonly string[]): unknown {
  return tableAt(toml, ...path.slice(0, -1))?.[path.at(-1) ?? ''];
}

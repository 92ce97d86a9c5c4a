/** The versions in the locks of uv and PDM: `uv.lock`, `pdm.lock`, and `pylock.toml` (PEP 751). */

import { asArray, asString, asTable, readToml, type TomlTable } from '../toml/read.ts';
import type { Pin } from './foreign-project.ts';

/** Pins of what comes from an index. Throws `ParseError` where the text is no TOML. */
export function readLockPins(text: string, file: string): readonly Pin[] {
  const toml = readToml(text, file);
  const packages = [...asArray(toml.package), ...asArray(toml.packages)];
  return packages.flatMap((entry): Pin[] => {
    const table = asTable(entry) ?? {};
    const name = asString(table.name);
    const version = asString(table.version);
    if (name === undefined || version === undefined || isDirect(table)) return [];
    return [{ name, version, hashes: hashesOf(table), place: `${file}, ${name} ${version}` }];
  });
}

/** Folders, repositories and addresses are pinned by their own requirement. */
function isDirect(table: TomlTable): boolean {
  const source = asTable(table.source);
  if (source !== undefined && source.registry === undefined) return true;
  return ['git', 'path', 'url', 'vcs', 'directory', 'archive'].some((key) => table[key] !== undefined);
}

function hashesOf(table: TomlTable): string[] {
  const files = [
    ...asArray(table.wheels),
    ...asArray(table.files),
    ...(table.sdist === undefined ? [] : [table.sdist]),
  ];
  return files.flatMap((file) => {
    const entry = asTable(file) ?? {};
    const sha256 = asString(asTable(entry.hashes)?.sha256);
    return asString(entry.hash) ?? (sha256 === undefined ? [] : `sha256:${sha256}`);
  });
}

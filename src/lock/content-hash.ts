/**
 * The hash that ties a lock to its `pyproject.toml`: SHA-256 over the sections that decide what is locked,
 * written as JSON the way Poetry's Python writes it (sorted keys, `", "` and `": "`, ASCII only).
 */

import { TercetError } from '../ground/error.ts';
import { pythonJson } from '../ground/python-json.ts';
import { asTable, type TomlTable } from '../toml/read.ts';

const PROJECT_KEYS = ['requires-python', 'dependencies', 'optional-dependencies'];
/** Keys that a project without standard sections hashes even where they are missing, as `null`. */
const LEGACY_KEYS = ['dependencies', 'source', 'extras', 'dev-dependencies'];

/** SHA-256 of the text's UTF-8 bytes in hexadecimal. */
export type Sha256Function = (text: string) => string;

export interface ContentHashOptions {
  /** Leave `[dependency-groups]` out, as Poetry before 2.3 did. Default: false. */
  readonly withoutGroups?: boolean;
}

/**
 * The `content-hash` of a project.
 *
 * @param toml the whole `pyproject.toml` as plain values
 * @throws TercetError `manifest-invalid` where a hashed section holds a date or time (Poetry cannot hash these)
 */
export function contentHash(toml: TomlTable, sha256: Sha256Function, options: ContentHashOptions = {}): string {
  return sha256(sortedJson(relevantContent(toml, options.withoutGroups ?? false)));
}

/** What is hashed, as plain values. */
function relevantContent(toml: TomlTable, withoutGroups: boolean): Record<string, unknown> {
  const project = pick(asTable(toml.project) ?? {}, PROJECT_KEYS);
  const groups = withoutGroups ? {} : (asTable(toml['dependency-groups']) ?? {});
  const poetry = asTable(asTable(toml.tool)?.poetry) ?? {};
  const standard = {
    ...(isEmpty(project) ? {} : { project }),
    ...(isEmpty(groups) ? {} : { 'dependency-groups': groups }),
  };
  const legacy = pick(poetry, [...LEGACY_KEYS, 'group']);
  if (!isEmpty(standard)) return { ...standard, tool: { poetry: legacy } };
  for (const key of LEGACY_KEYS) {
    if (!(key in legacy)) legacy[key] = null;
  }
  return legacy;
}

function pick(table: TomlTable, keys: readonly string[]): Record<string, unknown> {
  const picked: Record<string, unknown> = {};
  for (const key of keys) {
    if (Object.hasOwn(table, key)) picked[key] = table[key];
  }
  return picked;
}

function isEmpty(table: object): boolean {
  return Object.keys(table).length === 0;
}

function sortedJson(content: unknown): string {
  try {
    return pythonJson(content, { sortKeys: true });
  } catch (cause) {
    if (!(cause instanceof TypeError)) throw cause;
    const text = 'Dates and times cannot be part of a dependency declaration';
    throw new TercetError('manifest-invalid', text, { cause });
  }
}

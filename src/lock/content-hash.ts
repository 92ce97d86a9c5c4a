/**
 * The hash that ties a lock to its `pyproject.toml`: SHA-256 over the sections that decide what is locked,
 * written as JSON the way Poetry's Python writes it (sorted keys, `", "` and `": "`, ASCII only).
 */

import { TercetError } from '../ground/error.ts';
import { asTable, type TomlTable } from '../toml/read.ts';
import { compareCodePoints } from './_code-points.ts';

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
  return sha256(pythonJson(relevantContent(toml, options.withoutGroups ?? false)));
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

/** Python's `json.dumps(value, sort_keys=True)`. */
function pythonJson(value: unknown): string {
  if (value === null || typeof value === 'boolean') return String(value);
  if (typeof value === 'string') return asciiString(value);
  if (typeof value === 'number') return number(value);
  if (typeof value === 'bigint') return value.toString();
  if (Array.isArray(value)) return `[${value.map(pythonJson).join(', ')}]`;
  const table = asTable(value);
  if (table === undefined) {
    throw new TercetError('manifest-invalid', 'Dates and times cannot be part of a dependency declaration');
  }
  const keys = Object.keys(table).sort(compareCodePoints);
  return `{${keys.map((key) => `${asciiString(key)}: ${pythonJson(table[key])}`).join(', ')}}`;
}

function asciiString(text: string): string {
  return JSON.stringify(text).replace(
    /[\u007f-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** Non-integers as Python's `repr`; a float without fraction cannot be told from an integer any more. */
function number(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? 'Infinity' : '-Infinity';
  if (Number.isInteger(value)) return String(value);
  return String(value).replace(/e([+-])(\d)$/, 'e$10$2');
}

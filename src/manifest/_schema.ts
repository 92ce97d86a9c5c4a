/**
 * The part of JSON Schema that Poetry's schemas of `pyproject.toml` use, with the words and the order of checks of the
 * validator Poetry uses: it stops at the first offence, and a `$ref` hides what stands beside it.
 */

import { listRepr, textRepr } from '../ground/python-repr.ts';
import { asTable } from '../toml/read.ts';

/** A pattern as it is shown in a message, and as JavaScript matches it. */
export interface Pattern {
  readonly shown: string;
  readonly regex: RegExp;
}

export interface Schema {
  readonly type?: 'string' | 'boolean' | 'array' | 'object';
  readonly enum?: readonly string[];
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly pattern?: Pattern;
  readonly format?: 'uri' | 'email';
  readonly minItems?: number;
  readonly items?: Schema;
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  /** One pattern is all that Poetry's schemas use. */
  readonly keys?: { readonly pattern: RegExp; readonly schema: Schema };
  /** False: no other keys; a schema: for the values of all other keys. Default: anything. */
  readonly additional?: false | Schema;
  /** Keys that are refused (`propertyNames` with `not`). */
  readonly forbiddenKeys?: readonly string[];
}

const FORMATS = { uri: /^[\p{L}\p{N}_]+:(\/?\/?)\S+$/u, email: /^(?!.*\.\..*@)[^@.][^@]*(?<!\.)@[^@]+\.[^@]+$/ };

/** The first offence of `value`, called `name` in the message; undefined where it follows the schema. */
export function schemaOffence(schema: Schema, value: unknown, name: string): string | undefined {
  return (
    typeOffence(schema, value, name) ??
    choiceOffence(schema, value, name) ??
    textOffence(schema, value, name) ??
    (Array.isArray(value) ? arrayOffence(schema, value, name) : undefined) ??
    tableOffence(schema, value, name)
  );
}

function typeOffence({ type, enum: allowed }: Schema, value: unknown, name: string): string | undefined {
  if (type !== undefined && !hasType(type, value)) return `${name} must be ${type}`;
  if (allowed !== undefined && !allowed.includes(value as string)) {
    return `${name} must be one of [${allowed.map((item) => `'${item}'`).join(', ')}]`;
  }
  return undefined;
}

function hasType(type: Schema['type'], value: unknown): boolean {
  if (type === 'array') return Array.isArray(value);
  if (type === 'object') return asTable(value) !== undefined;
  return typeof value === type;
}

function choiceOffence({ anyOf, oneOf }: Schema, value: unknown, name: string): string | undefined {
  if (anyOf !== undefined && !anyOf.some((schema) => follows(schema, value))) {
    return `${name} cannot be validated by any definition`;
  }
  if (oneOf !== undefined) {
    const matches = oneOf.filter((schema) => follows(schema, value)).slice(0, 2).length;
    if (matches !== 1) return `${name} must be valid exactly by one definition (${matches} matches found)`;
  }
  return undefined;
}

function follows(schema: Schema, value: unknown): boolean {
  return schemaOffence(schema, value, '') === undefined;
}

function textOffence({ pattern, format }: Schema, value: unknown, name: string): string | undefined {
  if (typeof value !== 'string') return undefined;
  if (pattern !== undefined && !pattern.regex.test(value)) return `${name} must match pattern ${pattern.shown}`;
  if (format !== undefined && !FORMATS[format].test(value)) return `${name} must be ${format}`;
  return undefined;
}

function arrayOffence({ minItems, items }: Schema, value: readonly unknown[], name: string): string | undefined {
  if (minItems !== undefined && value.length < minItems) return `${name} must contain at least ${minItems} items`;
  if (items === undefined) return undefined;
  for (const [index, item] of value.entries()) {
    const offence = schemaOffence(items, item, `${name}[${index}]`);
    if (offence !== undefined) return offence;
  }
  return undefined;
}

function tableOffence(schema: Schema, value: unknown, name: string): string | undefined {
  const table = asTable(value);
  if (table === undefined) return undefined;
  const missing = schema.required?.filter((key) => !Object.hasOwn(table, key)).sort() ?? [];
  if (missing.length > 0) return `${name} must contain ${listRepr(missing)} properties`;

  const others = new Set(Object.keys(table));
  for (const [key, inner] of Object.entries(schema.properties ?? {})) {
    if (!others.delete(key)) continue;
    const offence = schemaOffence(inner, table[key], `${name}.${key}`);
    if (offence !== undefined) return offence;
  }
  for (const key of schema.keys === undefined ? [] : Object.keys(table)) {
    if (schema.keys?.pattern.test(key) !== true) continue;
    others.delete(key);
    const offence = schemaOffence(schema.keys.schema, table[key], `${name}.${key}`);
    if (offence !== undefined) return offence;
  }
  return additionalOffence(schema, table, others, name) ?? forbiddenOffence(schema, table, name);
}

function additionalOffence(
  { additional }: Schema,
  table: Readonly<Record<string, unknown>>,
  others: ReadonlySet<string>,
  name: string,
): string | undefined {
  if (additional === undefined || others.size === 0) return undefined;
  if (additional === false) return `${name} must not contain {${[...others].map(textRepr).join(', ')}} properties`;
  for (const key of others) {
    const offence = schemaOffence(additional, table[key], `${name}.${key}`);
    if (offence !== undefined) return offence;
  }
  return undefined;
}

function forbiddenOffence({ forbiddenKeys }: Schema, table: object, name: string): string | undefined {
  return forbiddenKeys?.some((key) => Object.hasOwn(table, key)) === true
    ? `${name} must be named by propertyName definition`
    : undefined;
}

/** Wheels and sdists for tests, built in memory in the shape that real ones have. */

import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { writeTar } from './tar-writer.ts';
import { writeZip, type ZipDraftOptions, type ZipEntryDraft } from './zip-writer.ts';

/** A distribution file in memory. */
export interface BuiltDistribution {
  /** The project's name as published. */
  readonly name: string;
  readonly version: string;
  readonly file: string;
  readonly bytes: Uint8Array;
  /** Lower-case hexadecimal. */
  readonly sha256: string;
  /** Core metadata: a wheel's METADATA, an sdist's PKG-INFO. */
  readonly metadata: string;
  readonly requiresPython: string | undefined;
}

export interface MetadataDraft {
  readonly name: string;
  /** Default: `1.0`. */
  readonly version?: string;
  readonly summary?: string;
  readonly requires?: readonly string[];
  readonly requiresPython?: string;
  readonly extras?: readonly string[];
  /** Lines put at the end of the headers as they are. */
  readonly headers?: readonly string[];
}

export interface WheelDraft extends MetadataDraft {
  /** Path in the wheel → contents. Default: one module named after the project. */
  readonly files?: Readonly<Record<string, string | Uint8Array | Omit<ZipEntryDraft, 'path'>>>;
  /** Text of entry_points.txt. */
  readonly entryPoints?: string;
  /** Default: `py3-none-any`. */
  readonly tag?: string;
  readonly build?: string;
  /** Default: true. */
  readonly purelib?: boolean;
  /** Default: the project's name with `_` for `-` and `.`. */
  readonly distribution?: string;
  /** Replaces RECORD's text, or changes it. */
  readonly record?: (honest: string) => string;
  /** METADATA in place of the one made from the fields. */
  readonly metadata?: string;
  /** WHEEL in place of the honest one. */
  readonly wheel?: string;
  /** Further entries, outside RECORD. */
  readonly unrecorded?: readonly ZipEntryDraft[];
  /** Changes the list of entries before they are packed. */
  readonly entries?: (honest: ZipEntryDraft[]) => ZipEntryDraft[];
  readonly zip?: ZipDraftOptions;
}

/** Core metadata's text. */
function coreMetadata(draft: MetadataDraft): string {
  const lines = ['Metadata-Version: 2.1', `Name: ${draft.name}`, `Version: ${draft.version ?? '1.0'}`];
  if (draft.summary !== undefined) lines.push(`Summary: ${draft.summary}`);
  if (draft.requiresPython !== undefined) lines.push(`Requires-Python: ${draft.requiresPython}`);
  for (const extra of draft.extras ?? []) lines.push(`Provides-Extra: ${extra}`);
  for (const requirement of draft.requires ?? []) lines.push(`Requires-Dist: ${requirement}`);
  return `${[...lines, ...(draft.headers ?? [])].join('\n')}\n\n`;
}

/** Builds a wheel; the same draft gives the same bytes. */
export function buildWheel(draft: WheelDraft): BuiltDistribution {
  const version = draft.version ?? '1.0';
  const distribution = draft.distribution ?? escaped(draft.name);
  const tag = draft.tag ?? 'py3-none-any';
  const info = `${distribution}-${version}.dist-info`;
  const metadata = draft.metadata ?? coreMetadata(draft);
  const files = draft.files ?? { [`${distribution}.py`]: `NAME = '${draft.name}'\nVERSION = '${version}'\n` };
  const honest: ZipEntryDraft[] = Object.entries(files).map(([path, value]) =>
    typeof value === 'string' || value instanceof Uint8Array ? { path, contents: value } : { path, ...value },
  );
  honest.push({ path: `${info}/METADATA`, contents: metadata });
  honest.push({
    path: `${info}/WHEEL`,
    contents:
      draft.wheel ??
      `Wheel-Version: 1.0\nGenerator: tests\nRoot-Is-Purelib: ${draft.purelib ?? true}\n${wheelTags(tag)}`,
  });
  if (draft.entryPoints !== undefined) honest.push({ path: `${info}/entry_points.txt`, contents: draft.entryPoints });
  const rows = honest.map(
    ({ path, contents }) =>
      `${csv(path)},sha256=${digest(contents, 'base64url')},${Buffer.from(contents as Uint8Array).length}`,
  );
  const record = `${[...rows, `${info}/RECORD,,`].join('\n')}\n`;
  honest.push({ path: `${info}/RECORD`, contents: draft.record?.(record) ?? record });
  const entries = [...honest, ...(draft.unrecorded ?? [])];
  const bytes = writeZip(draft.entries?.(entries) ?? entries, draft.zip);
  return {
    name: draft.name,
    version,
    file: `${[distribution, version, ...(draft.build === undefined ? [] : [draft.build]), tag].join('-')}.whl`,
    bytes,
    sha256: digest(bytes, 'hex'),
    metadata,
    requiresPython: draft.requiresPython,
  };
}

export interface SdistDraft extends MetadataDraft {
  /** Path below the sdist's folder → contents. PKG-INFO is added. */
  readonly files?: Readonly<Record<string, string>>;
}

/** Builds a `.tar.gz`; the same draft gives the same bytes. */
export function buildSdist(draft: SdistDraft): BuiltDistribution {
  const version = draft.version ?? '1.0';
  const folder = `${escaped(draft.name)}-${version}`;
  const metadata = coreMetadata(draft);
  const files = { ...draft.files, 'PKG-INFO': metadata };
  const bytes = gzipSync(
    writeTar(Object.entries(files).map(([path, contents]) => ({ path: `${folder}/${path}`, contents }))),
  );
  bytes[9] = 255;
  return {
    name: draft.name,
    version,
    file: `${folder}.tar.gz`,
    bytes,
    sha256: digest(bytes, 'hex'),
    metadata,
    requiresPython: draft.requiresPython,
  };
}

function escaped(name: string): string {
  return name.replace(/[-_.]+/g, '_').toLowerCase();
}

function wheelTags(tag: string): string {
  const [pythons = '', abis = '', platforms = ''] = tag.split('-');
  const lines: string[] = [];
  for (const python of pythons.split('.'))
    for (const abi of abis.split('.'))
      for (const platform of platforms.split('.')) lines.push(`Tag: ${python}-${abi}-${platform}\n`);
  return lines.join('');
}

function csv(field: string): string {
  return /[",\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field;
}

function digest(contents: string | Uint8Array, encoding: 'hex' | 'base64url'): string {
  return createHash('sha256').update(contents).digest(encoding);
}

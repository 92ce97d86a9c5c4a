/**
 * What stands in a wheel, in order: the project's files, its script files, `dist-info`, and RECORD over all of them.
 * https://packaging.python.org/en/latest/specifications/binary-distribution-format/
 */

import { createHash } from 'node:crypto';
import { basename, join } from 'node:path';
import type { ArchiveEntry } from '../archive/entry.ts';
import { TercetError } from '../ground/error.ts';
import { distInfoFiles, distInfoName, entryOfFile, entryOfText } from './dist-info.ts';
import type { CoreFields } from './metadata.ts';
import { scriptFiles } from './script-files.ts';
import type { SelectedFile } from './select-files.ts';
import { type BuildSource, distributionName } from './source.ts';

/** The wheel's file name. */
export function wheelName(source: BuildSource, tag: string): string {
  return `${distributionName(source)}-${source.version}-${tag}.whl`;
}

/** What every wheel has. */
export interface WheelParts {
  readonly metadata: CoreFields;
  readonly tag: string;
}

/** Everything but RECORD; each file is read when it is its turn. */
export function* wheelContents(
  source: BuildSource,
  files: readonly SelectedFile[],
  parts: WheelParts,
): Generator<ArchiveEntry> {
  for (const { path, target } of files) yield readEntry(target, path);
  yield* endOfWheel(source, parts);
}

function* endOfWheel(source: BuildSource, { metadata, tag }: WheelParts): Generator<ArchiveEntry> {
  const { projectDir, version } = source;
  for (const path of scriptFiles(source)) {
    const target = `${distributionName(source)}-${version}.data/scripts/${basename(path)}`;
    yield readEntry(target, join(projectDir, path));
  }
  const distInfo = distInfoName(source);
  for (const entry of distInfoFiles(source, metadata, tag)) yield { ...entry, path: `${distInfo}/${entry.path}` };
}

/** The entries, and RECORD after them. */
export function* withRecord(source: BuildSource, entries: Iterable<ArchiveEntry>): Generator<ArchiveEntry> {
  const rows: string[] = [];
  for (const entry of entries) {
    const hash = createHash('sha256').update(entry.contents).digest('base64url');
    rows.push(`${quoted(entry.path)},sha256=${hash},${entry.contents.length}\n`);
    yield entry;
  }
  const path = `${distInfoName(source)}/RECORD`;
  // poetry-core leaves the type of this one file out.
  yield { ...entryOfText(path, `${rows.join('')}${quoted(path)},,\n`), untyped: true };
}

/** A file's entry. Throws `file-unreadable`, naming it. */
export function readEntry(target: string, path: string): ArchiveEntry {
  try {
    return entryOfFile(target, path);
  } catch (cause) {
    throw new TercetError('file-unreadable', `${path} cannot be read: ${(cause as Error).message}`, { cause });
  }
}

/** A CSV field, quoted where it has to be. */
function quoted(field: string): string {
  return /[",\r\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field;
}

/**
 * The paths an archive may hold: relative, downward, the same file on every system. Shared by the zip and the tar reader.
 *
 * A path that passes can be joined to any folder and stays inside it. Whatever does not pass is refused before the
 * first byte is written; nothing is repaired, because two tools that repair differently see two archives.
 */

import { TercetError } from '../ground/error.ts';

/** Why a path is refused; a fragment that follows the path in a message. */
export type PathFault =
  | 'is empty'
  | 'is absolute'
  | 'names a drive'
  | 'has a backslash'
  | 'has a control character'
  | 'leaves the archive'
  | 'has an empty segment'
  | 'has a segment that ends in a dot or a space'
  | 'is too long';

/** The longest segment, in bytes of UTF-8, that common file systems take. */
const LONGEST_SEGMENT = 255;
/** The longest path, in UTF-16 units. */
const LONGEST_PATH = 4096;

const PLAIN = /^[A-Za-z0-9_+@=~,-][A-Za-z0-9_.+@=~,-]*[A-Za-z0-9_+@=~,-]$|^[A-Za-z0-9_+@=~,-]$/;

/**
 * What is wrong with an archive's path (without the slash that ends a folder's entry); undefined where it is safe:
 * segments joined by `/`, none of them empty, `.` or `..`.
 */
export function pathFault(path: string, kind: 'file' | 'folder' = 'file'): PathFault | undefined {
  if (path.length === 0) return 'is empty';
  if (path.length > LONGEST_PATH) return 'is too long';
  if (path.startsWith('/')) return 'is absolute';
  if (path.includes('\\')) return 'has a backslash';
  const segments = path.split('/');
  for (const [at, segment] of segments.entries()) {
    if (PLAIN.test(segment) && segment.length <= LONGEST_SEGMENT) continue;
    const fault = segmentFault(segment, kind === 'file' && at === segments.length - 1);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

/** The error for an entry that must not be unpacked. `fault` follows the quoted path in the message. */
export function unsafeEntry(archive: string, path: string, fault: string): TercetError {
  return new TercetError('archive-unsafe', `${archive} is refused: its entry ${JSON.stringify(path)} ${fault}`, {
    hints: ['Nothing was written. Report the file to the project that publishes it.'],
    detail: { archive, entry: path },
  });
}

function segmentFault(segment: string, isLast: boolean): PathFault | undefined {
  if (segment === '') return 'has an empty segment';
  if (segment === '.' || segment === '..') return 'leaves the archive';
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
  if (/[\u0000-\u001f\u007f]/.test(segment)) return 'has a control character';
  if (/^[A-Za-z]:/.test(segment)) return 'names a drive';
  // Windows leaves the dot away. Elsewhere it makes another folder, and published wheels keep their libraries in such (`simsimd./`).
  const isDotted = segment.endsWith('.') && (isLast || process.platform === 'win32');
  if (isDotted || segment.endsWith(' ')) return 'has a segment that ends in a dot or a space';
  if (new TextEncoder().encode(segment).length > LONGEST_SEGMENT) return 'is too long';
  return undefined;
}

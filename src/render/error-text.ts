/**
 * What an error prints on stderr: an empty line, the message, a mark under the text it is about, and hints. Those of the operating
 * system say where they were met. Errors that are not for the user are bugs, and come with their stack.
 */

import { ParseError, TercetError } from '../ground/error.ts';
import type { Paint } from './style.ts';

export interface ErrorTextOptions {
  readonly verbosity: number;
  readonly paint: Paint;
}

/** The text, without the last newline. */
export function errorText(error: unknown, { verbosity, paint }: ErrorTextOptions): string {
  const lines = [''];
  if (error instanceof TercetError) {
    if (verbosity > 0) lines.push(paint('error', `${error.name} [${error.code}]`), '');
    lines.push(paint('error', error.message));
    if (error.cause instanceof ParseError) lines.push(...excerpt(error.cause, paint));
    if (verbosity > 0) lines.push(...proofOf(error));
    for (const hint of error.hints) lines.push('', `${paint('comment', 'hint:')} ${hint}`);
    if (verbosity > 1) lines.push(...stackOf(error));
  } else if (error instanceof ParseError) {
    lines.push(paint('error', error.message), ...excerpt(error, paint));
    if (verbosity > 1) lines.push(...stackOf(error));
  } else if (isOfSystem(error)) {
    lines.push(paint('error', systemMessage(error)));
    if (verbosity > 1) lines.push(...stackOf(error));
  } else {
    lines.push(paint('error', bugMessage(error)), ...stackOf(error), '');
    lines.push('This is a bug in tercet. Please report it with the lines above.');
  }
  return lines.join('\n');
}

/** The proof of a failed search, which the message has only the end of. */
function proofOf({ detail, message }: TercetError): readonly string[] {
  const proof = Array.isArray(detail.proof) ? detail.proof.filter((line) => typeof line === 'string') : [];
  return proof.length === 0 || message.includes(proof.join('\n')) ? [] : ['', 'The whole proof:', '', ...proof];
}

/** The line of the source at fault with a mark under it; none where the place is not known. */
function excerpt(error: ParseError, paint: Paint): string[] {
  if (!error.span || error.source === '') return [];
  const place = position(error.source, error.span.start);
  const text = error.source.slice(place.lineStart).split(/\r?\n/, 1)[0] ?? '';
  const from = Math.max(0, place.column - 1 - 60);
  const shown = text.slice(from, from + 100);
  const length = Math.max(1, Math.min(error.span.end - error.span.start, shown.length - (place.column - 1 - from)));
  const number = String(place.line);
  const margin = ' '.repeat(number.length);
  const marks = `${' '.repeat(place.column - 1 - from)}${'^'.repeat(length)}`;
  return [`${margin} |`, `${number} | ${shown.replaceAll('\t', ' ')}`, `${margin} | ${paint('error', marks)}`];
}

/** Line and column, both from 1, of an offset. */
export function position(text: string, offset: number): { line: number; column: number; lineStart: number } {
  const at = Math.max(0, Math.min(offset, text.length));
  const lineStart = at === 0 ? 0 : text.lastIndexOf('\n', at - 1) + 1;
  let line = 1;
  for (let i = 0; i < lineStart; i++) if (text.charCodeAt(i) === 10) line++;
  return { line, column: at - lineStart + 1, lineStart };
}

/** What the disk or the machine says no to, wherever it is met: a full disk, missing rights, a file where a folder should be. */
const SYSTEM: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EBUSY: 'it is in use',
  EDQUOT: 'the disk quota is used up',
  EFBIG: 'the file is larger than is allowed here',
  EIO: 'the disk cannot be read or written',
  EISDIR: 'it is a folder, not a file',
  ELOOP: 'the symbolic links lead in a circle',
  EMFILE: 'too many files are open',
  ENAMETOOLONG: 'the name is too long for the file system',
  ENFILE: 'too many files are open',
  ENOMEM: 'there is no memory left',
  ENOSPC: 'there is no space left on the device',
  ENOTDIR: 'a part of it is a file, not a folder',
  EPERM: 'the operation is not permitted',
  EROFS: 'the file system is read-only',
};

function isOfSystem(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && Object.hasOwn(SYSTEM, (error as NodeJS.ErrnoException).code ?? '');
}

/** Codes that are about what is written: of a copy the place that it goes to. */
const OF_WRITING: readonly string[] = ['EDQUOT', 'EFBIG', 'EISDIR', 'ENOSPC', 'EROFS'];

function systemMessage(error: NodeJS.ErrnoException): string {
  const { code = '' } = error;
  const { dest = error.path } = error as { readonly dest?: string };
  // Of a change of folders `path` is where one was.
  const path = OF_WRITING.includes(code) || error.syscall === 'chdir' ? dest : error.path;
  const what = `${SYSTEM[code]} (${code})`;
  return path === undefined ? `The command could not go on: ${what}` : `${path}: ${what}`;
}

function bugMessage(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}

function stackOf(error: unknown): string[] {
  if (!(error instanceof Error) || !error.stack) return [];
  const frames = error.stack.split('\n').filter((line) => line.startsWith('    at '));
  const cause = error.cause instanceof Error ? [`caused by ${bugMessage(error.cause)}`, ...stackOf(error.cause)] : [];
  return [...frames, ...cause];
}

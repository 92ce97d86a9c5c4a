/**
 * The headers of a tar archive: POSIX ustar, PAX (POSIX.1-2001) and GNU's long names.
 * https://pubs.opengroup.org/onlinepubs/9799919799/utilities/pax.html#tag_20_94_13
 *
 * Names are as stored, neither checked nor repaired; `read-tar.ts` does that.
 */

import { TercetError } from '../ground/error.ts';

/** What an entry is; `other` is what has no place in a source distribution: devices, pipes, sparse files. */
export type TarKind = 'file' | 'folder' | 'symlink' | 'hardlink' | 'other';

/** One header with what the extended headers before it say. */
export interface TarHeader {
  readonly kind: TarKind;
  readonly path: string;
  /** What a link points to. */
  readonly target: string;
  readonly executable: boolean;
  /** Bytes of contents. */
  readonly size: number;
}

/** Bytes. */
export const BLOCK = 512;
/** Lengths from here on have no room in the plain header. */
const ROOM = 8 ** 11;

/** A header block: an entry, or an extension, whose contents belong to the next entry's header. */
type TarBlock =
  | { readonly kind: 'entry'; readonly size: number; readonly header: TarHeader }
  | { readonly kind: 'extension'; readonly size: number; readonly type: string };

/** Understands one header block after the other; everything throws `archive-damaged`. */
export class TarBlocks {
  readonly #archive: string;
  #extended: Extended = {};
  #seen = false;

  constructor(archive: string) {
    this.#archive = archive;
  }

  /** What a block of 512 bytes says; undefined at the archive's end. */
  understand(header: Uint8Array): TarBlock | undefined {
    if (header.every((byte) => byte === 0)) return undefined;
    if (!hasChecksum(header)) throw damagedTar(this.#archive, this.#seen ? 'a header is damaged' : NO_TAR);
    this.#seen = true;
    const type = String.fromCharCode(header[156] ?? 0);
    const isExtension = type === 'x' || type === 'g' || type === 'L' || type === 'K';
    const plain = numberAt(header, 124, 12);
    const size = (isExtension ? undefined : this.#extended.size) ?? plain;
    // The extended header is for what the plain one has no room for. Where both speak, readers would see different entries.
    if (plain !== 0 && size !== plain && size < ROOM) throw damagedTar(this.#archive, 'an entry has two lengths');
    if (!Number.isSafeInteger(size) || size < 0) throw damagedTar(this.#archive, 'an entry has no length');
    if (isExtension) return { kind: 'extension', size, type };
    const kind = kindOf(type, header);
    const held = kind === 'file' || kind === 'other' ? size : 0;
    const path = this.#extended.path ?? ustarPath(header);
    const target = this.#extended.target ?? textOf(header.subarray(157, 257));
    const executable = (numberAt(header, 100, 8) & 0o111) !== 0;
    this.#extended = {};
    return { kind: 'entry', size: held, header: { kind, path, target, executable, size: held } };
  }

  /** Takes note of an extension's contents. */
  extend({ type }: { readonly type: string }, contents: Uint8Array): void {
    if (type === 'L') this.#extended = { ...this.#extended, path: textOf(contents) };
    else if (type === 'K') this.#extended = { ...this.#extended, target: textOf(contents) };
    else if (type === 'x') this.#extended = { ...this.#extended, ...paxRecords(contents, this.#archive) };
  }

  /** To be called where there are no more bytes. */
  end(): void {
    if (!this.#seen) throw damagedTar(this.#archive, NO_TAR);
  }
}

const NO_TAR = 'it is no tar archive';

/** The error for an archive that cannot be read. */
export function damagedTar(archive: string, why: string, cause?: unknown): TercetError {
  return new TercetError('archive-damaged', `${archive} cannot be read: ${why}`, { detail: { archive }, cause });
}

interface Extended {
  readonly path?: string;
  readonly target?: string;
  readonly size?: number;
}

function kindOf(type: string, header: Uint8Array): TarKind {
  switch (type) {
    case '0':
    case '7':
      return 'file';
    case '\0':
      // Before POSIX a folder was a file whose name ends in a slash.
      return textOf(header.subarray(0, 100)).endsWith('/') ? 'folder' : 'file';
    case '1':
      return 'hardlink';
    case '2':
      return 'symlink';
    case '5':
      return 'folder';
    default:
      return 'other';
  }
}

function ustarPath(header: Uint8Array): string {
  const name = textOf(header.subarray(0, 100));
  // POSIX's `ustar\0`; GNU's `ustar  ` uses the prefix's place for something else.
  const isPosix = textOf(header.subarray(257, 263)) === 'ustar';
  const prefix = isPosix ? textOf(header.subarray(345, 500)) : '';
  return prefix === '' ? name : `${prefix}/${name}`;
}

/** Octal text, or big-endian binary where the first bit is set; NaN for anything else. */
function numberAt(header: Uint8Array, offset: number, length: number): number {
  if (((header[offset] ?? 0) & 0x80) !== 0) {
    let value = (header[offset] ?? 0) & 0x7f;
    for (let at = offset + 1; at < offset + length; at++) value = value * 256 + (header[at] ?? 0);
    return value;
  }
  const text = textOf(header.subarray(offset, offset + length)).trim();
  return text === '' ? 0 : /^[0-7]+$/.test(text) ? Number.parseInt(text, 8) : Number.NaN;
}

/** The header's sum counts its own field as blanks; old programs took the bytes for signed. */
function hasChecksum(header: Uint8Array): boolean {
  const stated = numberAt(header, 148, 8);
  let unsigned = 0;
  let signed = 0;
  for (let at = 0; at < BLOCK; at++) {
    const byte = at >= 148 && at < 156 ? 0x20 : (header[at] ?? 0);
    unsigned += byte;
    signed += byte > 127 ? byte - 256 : byte;
  }
  return stated === unsigned || stated === signed;
}

/** Records `LENGTH KEY=VALUE\n`, of which those that count here are kept. */
function paxRecords(contents: Uint8Array, archive: string): Extended {
  let found: Extended = {};
  for (let at = 0; at < contents.length; ) {
    const space = contents.indexOf(0x20, at);
    const length = space < 0 ? Number.NaN : Number(textOf(contents.subarray(at, space)));
    if (!(length > space - at) || at + length > contents.length)
      throw damagedTar(archive, 'an extended header is damaged');
    const record = UTF8.decode(contents.subarray(space + 1, at + length - 1));
    if (record.startsWith('path=')) found = { ...found, path: record.slice(5) };
    else if (record.startsWith('linkpath=')) found = { ...found, target: record.slice(9) };
    else if (record.startsWith('size=')) found = { ...found, size: Number(record.slice(5)) };
    at += length;
  }
  return found;
}

const UTF8 = new TextDecoder();

function textOf(bytes: Uint8Array): string {
  const end = bytes.indexOf(0);
  return UTF8.decode(end < 0 ? bytes : bytes.subarray(0, end));
}

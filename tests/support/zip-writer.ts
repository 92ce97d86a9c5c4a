/** Zip archives for tests, honest by default: every field of an entry can be made to lie. */

import { crc32, deflateRawSync } from 'node:zlib';

export interface ZipEntryDraft {
  readonly path: string;
  readonly contents: string | Uint8Array;
  /** Unix mode with its type bits. Default: 0o100644. */
  readonly mode?: number;
  /** The system that it says it was made on. Default: 3, Unix. */
  readonly madeBy?: number;
  /** Default: true. */
  readonly deflate?: boolean;
  /** The name in the local header. Default: `path`. */
  readonly localPath?: string;
  /** The size that both headers declare. Default: the true one. */
  readonly declaredSize?: number;
  /** The size that the local header declares. Default: `declaredSize`. */
  readonly localSize?: number;
  readonly crc32?: number;
  /** Sizes follow the data in a descriptor. Default: false. */
  readonly descriptor?: boolean;
  /** Bytes of the central header's extra field. */
  readonly extra?: Uint8Array;
  readonly flags?: number;
  /** Left out of the central directory. Default: false. */
  readonly hidden?: boolean;
  /** The data that is written, in place of the packed contents. */
  readonly packed?: Uint8Array;
  readonly method?: number;
}

export interface ZipDraftOptions {
  /** Bytes before the first entry, not counted in offsets. */
  readonly prefix?: Uint8Array;
  /** Bytes after the end record. */
  readonly suffix?: Uint8Array;
  readonly comment?: Uint8Array;
  /** Number of entries that the end record declares. */
  readonly declaredEntries?: number;
}

/** The archive's bytes; the same input gives the same bytes. */
export function writeZip(drafts: readonly ZipEntryDraft[], options: ZipDraftOptions = {}): Uint8Array {
  const parts: Buffer[] = options.prefix === undefined ? [] : [Buffer.from(options.prefix)];
  const central: Buffer[] = [];
  let offset = options.prefix?.length ?? 0;
  for (const draft of drafts) {
    const contents = Buffer.from(draft.contents as Uint8Array);
    const deflate = draft.deflate ?? true;
    const packed = Buffer.from(draft.packed ?? (deflate ? deflateRawSync(contents) : contents));
    const method = draft.method ?? (deflate ? 8 : 0);
    const crc = draft.crc32 ?? crc32(contents);
    const size = draft.declaredSize ?? contents.length;
    const flags = (draft.flags ?? 0x800) | (draft.descriptor === true ? 8 : 0);
    const local = localHeader(draft, { flags, method, crc, packed: packed.length, size: draft.localSize ?? size });
    parts.push(local, packed);
    if (draft.hidden !== true)
      central.push(centralHeader(draft, { flags, method, crc, packed: packed.length, size, offset }));
    offset += local.length + packed.length;
    if (draft.descriptor === true) {
      const descriptor = Buffer.alloc(16);
      descriptor.writeUInt32LE(0x08074b50, 0);
      descriptor.writeUInt32LE(crc, 4);
      descriptor.writeUInt32LE(packed.length, 8);
      descriptor.writeUInt32LE(size, 12);
      parts.push(descriptor);
      offset += 16;
    }
  }
  const directory = Buffer.concat(central);
  const comment = Buffer.from(options.comment ?? new Uint8Array());
  const end = Buffer.alloc(22);
  const count = options.declaredEntries ?? central.length;
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(count, 8);
  end.writeUInt16LE(count, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(offset, 16);
  end.writeUInt16LE(comment.length, 20);
  return Buffer.concat([...parts, directory, end, comment, Buffer.from(options.suffix ?? new Uint8Array())]);
}

interface Fields {
  readonly flags: number;
  readonly method: number;
  readonly crc: number;
  readonly packed: number;
  readonly size: number;
}

function localHeader(draft: ZipEntryDraft, fields: Fields): Buffer {
  const name = Buffer.from(draft.localPath ?? draft.path);
  const header = Buffer.alloc(30);
  header.writeUInt32LE(0x04034b50, 0);
  header.writeUInt16LE(20, 4);
  header.writeUInt16LE(fields.flags, 6);
  header.writeUInt16LE(fields.method, 8);
  header.writeUInt16LE(0x21, 12);
  if (draft.descriptor !== true) {
    header.writeUInt32LE(fields.crc, 14);
    header.writeUInt32LE(fields.packed, 18);
    header.writeUInt32LE(fields.size, 22);
  }
  header.writeUInt16LE(name.length, 26);
  return Buffer.concat([header, name]);
}

function centralHeader(draft: ZipEntryDraft, fields: Fields & { readonly offset: number }): Buffer {
  const name = Buffer.from(draft.path);
  const extra = Buffer.from(draft.extra ?? new Uint8Array());
  const header = Buffer.alloc(46);
  header.writeUInt32LE(0x02014b50, 0);
  header.writeUInt16LE(((draft.madeBy ?? 3) << 8) | 20, 4);
  header.writeUInt16LE(20, 6);
  header.writeUInt16LE(fields.flags, 8);
  header.writeUInt16LE(fields.method, 10);
  header.writeUInt16LE(0x21, 14);
  header.writeUInt32LE(fields.crc, 16);
  header.writeUInt32LE(fields.packed, 20);
  header.writeUInt32LE(fields.size, 24);
  header.writeUInt16LE(name.length, 28);
  header.writeUInt16LE(extra.length, 30);
  header.writeUInt32LE(((draft.mode ?? 0o100644) << 16) >>> 0, 38);
  header.writeUInt32LE(fields.offset, 42);
  return Buffer.concat([header, name, extra]);
}

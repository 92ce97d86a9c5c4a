/** Tar archives for tests, honest by default. */

export interface TarEntryDraft {
  readonly path: string;
  readonly contents?: string | Uint8Array;
  /** Default: 0o644. */
  readonly mode?: number;
  /** ustar's type flag. Default: `0`, a regular file. */
  readonly type?: string;
  readonly linkTarget?: string;
}

/** A ustar archive, not compressed. */
export function writeTar(entries: readonly TarEntryDraft[]): Uint8Array {
  const parts: Buffer[] = [];
  for (const { path, contents = '', mode = 0o644, type = '0', linkTarget = '' } of entries) {
    const data = Buffer.from(contents as Uint8Array);
    const header = Buffer.alloc(512);
    header.write(path, 0, 100);
    header.write(`${mode.toString(8).padStart(7, '0')}\0`, 100);
    header.write('0000000\u00000000000\u0000', 108);
    header.write(`${data.length.toString(8).padStart(11, '0')}\0`, 124);
    header.write('00000000000\u0000', 136);
    header.write('        ', 148);
    header.write(type, 156);
    header.write(linkTarget, 157, 100);
    header.write('ustar\u000000', 257);
    const sum = header.reduce((total, byte) => total + byte, 0);
    header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
    parts.push(header, data, Buffer.alloc((512 - (data.length % 512)) % 512));
  }
  return Buffer.concat([...parts, Buffer.alloc(1024)]);
}

/** Small text files out of a tar archive in memory (POSIX ustar, PAX and GNU long names). Nothing is written anywhere. */

/** The regular files whose path `wanted` accepts; paths as stored, without a leading `./`. Stops quietly at damage. */
export function readTar(archive: Uint8Array, wanted: (path: string) => boolean): ReadonlyMap<string, Uint8Array> {
  const files = new Map<string, Uint8Array>();
  let longName: string | undefined;
  for (let at = 0; at + 512 <= archive.length; ) {
    const header = archive.subarray(at, at + 512);
    if (header[0] === 0) break;
    const size = numberAt(header, 124, 12);
    if (!Number.isSafeInteger(size) || size < 0) break;
    const contents = archive.subarray(at + 512, at + 512 + size);
    const type = String.fromCharCode(header[156] ?? 0);
    at += 512 + Math.ceil(size / 512) * 512;
    if (type === 'L') {
      longName = textOf(contents);
    } else if (type === 'x') {
      longName = paxPath(contents) ?? longName;
    } else if (type !== 'g' && type !== 'K') {
      const path = (longName ?? ustarPath(header)).replace(/^\.\//, '');
      longName = undefined;
      if ((type === '0' || type === '\0' || type === '7') && wanted(path) && !files.has(path))
        files.set(path, contents);
    }
  }
  return files;
}

function ustarPath(header: Uint8Array): string {
  const name = textOf(header.subarray(0, 100));
  const isUstar = textOf(header.subarray(257, 262)) === 'ustar';
  const prefix = isUstar && header[263] === 0x30 ? textOf(header.subarray(345, 500)) : '';
  return prefix === '' ? name : `${prefix}/${name}`;
}

/** Octal text, or big-endian binary where the first bit is set. */
function numberAt(header: Uint8Array, offset: number, length: number): number {
  if (((header[offset] ?? 0) & 0x80) !== 0) {
    let value = (header[offset] ?? 0) & 0x7f;
    for (let at = offset + 1; at < offset + length; at++) value = value * 256 + (header[at] ?? 0);
    return value;
  }
  return Number.parseInt(textOf(header.subarray(offset, offset + length)).trim() || '0', 8);
}

function paxPath(contents: Uint8Array): string | undefined {
  let path: string | undefined;
  for (let at = 0; at < contents.length; ) {
    const space = contents.indexOf(0x20, at);
    const length = Number(textOf(contents.subarray(at, Math.max(space, at))));
    if (space < 0 || !(length > 0)) break;
    const record = textOf(contents.subarray(space + 1, at + length - 1));
    if (record.startsWith('path=')) path = record.slice(5);
    at += length;
  }
  return path;
}

const UTF8 = new TextDecoder();

function textOf(bytes: Uint8Array): string {
  const end = bytes.indexOf(0);
  return UTF8.decode(end < 0 ? bytes : bytes.subarray(0, end));
}

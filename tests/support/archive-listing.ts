/** What stands in wheels and sdists, as text: one line an entry, and the text of its metadata and RECORD below. */

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { openZip } from '../../src/archive/read-zip.ts';

interface Listed {
  readonly name: string;
  readonly executable: boolean;
  readonly contents: Uint8Array;
}

/** The listing of archives, in the order given. */
export function listArchives(files: readonly string[]): string {
  const lines: string[] = [];
  for (const file of files) {
    lines.push(`# ${basename(file)}`);
    for (const { name, executable, contents } of file.endsWith('.whl') ? wheelEntries(file) : sdistEntries(file)) {
      const hash = createHash('sha256').update(contents).digest('hex').slice(0, 16);
      lines.push(`${executable ? '755' : '644'} ${hash} ${name}`);
      if (!/\/(PKG-INFO|METADATA|RECORD)$/.test(name)) continue;
      const text = Buffer.from(contents).toString();
      lines.push(...text.split('\n').map((line) => `    ${line}`.trimEnd()));
    }
  }
  return `${lines.join('\n')}\n`;
}

function wheelEntries(file: string): readonly Listed[] {
  using zip = openZip(file);
  return zip.entries.map((entry) => ({
    name: entry.path,
    executable: entry.executable,
    contents: zip.read(entry).slice(),
  }));
}

/** Regular files with their PAX names. */
function sdistEntries(file: string): readonly Listed[] {
  const tar = gunzipSync(readFileSync(file));
  const found: Listed[] = [];
  let path: string | undefined;
  for (let at = 0; at + 512 <= tar.length && tar[at] !== 0; ) {
    const text = (from: number, length: number): string =>
      tar
        .subarray(at + from, at + from + length)
        .toString()
        .replace(/\0.*$/s, '');
    const size = Number.parseInt(text(124, 12), 8);
    const contents = tar.subarray(at + 512, at + 512 + size);
    if (text(156, 1) === 'x') path = /^\d+ path=(.*)$/m.exec(contents.toString())?.[1];
    else {
      const executable = (Number.parseInt(text(100, 8), 8) & 0o111) !== 0;
      found.push({ name: path ?? text(0, 100), executable, contents });
      path = undefined;
    }
    at += 512 + Math.ceil(size / 512) * 512;
  }
  return found;
}

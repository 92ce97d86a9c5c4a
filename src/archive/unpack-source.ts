/** A source distribution put into a folder: everything is checked first, then everything is written. */

import {
  chmodSync,
  closeSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { decompressTar } from './decompress.ts';
import { readTar, type TarEntry } from './read-tar.ts';
import { LARGE_ENTRY, openZip } from './read-zip.ts';

/**
 * Unpacks the archive at `path` (its published name is `file`) into an empty folder, and answers with the project's folder in it: the
 * only folder at the top (PEP 625), else the one named after the archive, else `folder` itself.
 *
 * Throws `archive-unsafe`, `archive-damaged`, or the file system's error.
 */
export async function unpackSource(path: string, file: string, folder: string): Promise<string> {
  if (/\.zip$/i.test(file)) await unpackZip(path, file, folder);
  else {
    const entries = readTar(await decompressTar(readFileSync(path), file), file);
    for (const entry of entries) writeEntry(entry, folder);
    // Links last: nothing is ever written through one.
    for (const entry of entries) if (entry.kind === 'symlink') writeLink(entry, folder);
  }
  return projectFolder(folder, file);
}

function writeEntry(entry: TarEntry, folder: string): void {
  const place = join(folder, entry.path);
  if (entry.kind === 'folder') mkdirSync(place, { recursive: true });
  else if (entry.kind === 'file') {
    mkdirSync(dirname(place), { recursive: true });
    writeFileSync(place, entry.contents, { mode: entry.executable ? 0o777 : 0o666, flag: 'wx' });
  }
}

function writeLink({ path, target }: TarEntry & { readonly kind: 'symlink' }, folder: string): void {
  const place = join(folder, path);
  mkdirSync(dirname(place), { recursive: true });
  symlinkSync(target, place);
}

async function unpackZip(path: string, file: string, folder: string): Promise<void> {
  using archive = openZip(path, file);
  for (const entry of archive.entries) {
    const place = join(folder, entry.path);
    mkdirSync(dirname(place), { recursive: true });
    if (entry.size <= LARGE_ENTRY) writeFileSync(place, archive.read(entry), { flag: 'wx' });
    else {
      const output = openSync(place, 'wx');
      try {
        for (const piece of archive.chunks(entry))
          for (let done = 0; done < piece.length; ) done += writeSync(output, piece, done);
      } finally {
        closeSync(output);
      }
    }
    if (entry.executable) chmodSync(place, statSync(place).mode | 0o111);
  }
}

function projectFolder(folder: string, file: string): string {
  const names = readdirSync(folder);
  const isFolder = (name: string): boolean =>
    statSync(join(folder, name), { throwIfNoEntry: false })?.isDirectory() === true;
  const [only = ''] = names;
  if (names.length === 1 && isFolder(only)) return join(folder, only);
  const named = file.replace(/\.(?:zip|t[gbx]z|tar(?:\.[a-z0-9]+)?)$/i, '');
  return isFolder(named) ? join(folder, named) : folder;
}

/** A source distribution put into a folder: everything is checked first, then everything is written. */

import {
  chmodSync,
  closeSync,
  constants,
  copyFileSync,
  mkdirSync,
  openSync,
  readdirSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { damagedTar } from './_tar-headers.ts';
import { openTar } from './decompress.ts';
import { eachTarFile, readTar, type TarEntry, type TarFile } from './read-tar.ts';
import { LARGE_ENTRY, openZip } from './read-zip.ts';
import { writeWhole } from './write-whole.ts';

/**
 * Unpacks the archive at `path` (its published name is `file`) into an empty folder, and answers with the project's folder in it: the
 * only folder at the top (PEP 625), else the one named after the archive, else `folder` itself.
 *
 * Throws `archive-unsafe`, `archive-damaged`, or the file system's error.
 */
export async function unpackSource(path: string, file: string, folder: string): Promise<string> {
  if (/\.zip$/i.test(file)) await unpackZip(path, file, folder);
  else {
    const pieces = await openTar(path, file);
    await writeEntries(await readTar(pieces(), file), pieces(), { folder, file });
  }
  return projectFolder(folder, file);
}

/** Writes the entries of a checked archive, the contents as they come by a second time. */
async function writeEntries(
  entries: readonly TarEntry[],
  pieces: AsyncIterable<Uint8Array>,
  { folder, file }: { readonly folder: string; readonly file: string },
): Promise<void> {
  const missing = new Map<string, TarFile>();
  for (const entry of entries) {
    if (entry.kind === 'folder') mkdirSync(join(folder, entry.path), { recursive: true });
    else if (entry.kind === 'file' && entry.source === undefined) missing.set(entry.path, entry);
  }
  await eachTarFile(pieces, file, async (path, contents) => {
    const entry = missing.get(path);
    if (entry === undefined) return;
    missing.delete(path);
    await writeContents(join(folder, path), contents, entry.executable ? 0o777 : 0o666);
  });
  if (missing.size > 0) throw damagedTar(file, 'it has changed while it was read');
  for (const entry of entries) {
    if (entry.kind !== 'file' || entry.source === undefined) continue;
    const place = join(folder, entry.path);
    mkdirSync(dirname(place), { recursive: true });
    copyFileSync(join(folder, entry.source), place, constants.COPYFILE_EXCL);
  }
  // Links last: nothing is ever written through one.
  for (const entry of entries) if (entry.kind === 'symlink') writeLink(entry, folder);
}

async function writeContents(place: string, contents: AsyncIterable<Uint8Array>, mode: number): Promise<void> {
  mkdirSync(dirname(place), { recursive: true });
  const output = openSync(place, 'wx', mode);
  try {
    for await (const piece of contents) writeWhole(output, piece);
  } finally {
    closeSync(output);
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
        for (const piece of archive.chunks(entry)) writeWhole(output, piece);
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

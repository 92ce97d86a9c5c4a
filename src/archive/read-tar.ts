/**
 * Reading tar archives that may be hostile. Every entry's path, kind and link is checked before the first one is handed out, so that
 * whoever unpacks writes either everything or nothing.
 *
 * A symbolic link is allowed where following it, through the archive's other links, stays inside; nothing may be written through one.
 */

import { BLOCK, damagedTar, TarBlocks, type TarHeader } from './_tar-headers.ts';
import { pathFault, unsafeEntry } from './safe-path.ts';

/** A file, folder or link of a checked archive. */
export type TarEntry =
  | TarFile
  | { readonly kind: 'folder'; readonly path: string }
  /** `target` as stored: relative to the link's folder. */
  | { readonly kind: 'symlink'; readonly path: string; readonly target: string };

export interface TarFile {
  readonly kind: 'file';
  readonly path: string;
  readonly executable: boolean;
  /** SHA-256 of the contents. */
  readonly digest: string;
  /** The file that has the contents, where this one is a hard link. */
  readonly source: string | undefined;
}

const MAX_ENTRIES = 500_000;

/**
 * The entries of an archive; `name` is for messages. A path stands once, hard links are files. Throws `archive-unsafe` or
 * `archive-damaged`, and what `pieces` throws.
 */
export async function readTar(pieces: AsyncIterable<Uint8Array>, name: string): Promise<readonly TarEntry[]> {
  const entries = new Map<string, TarEntry>();
  await walk(pieces, name, async (header, contents) => {
    const path = plainPath(header);
    if (path === '') return;
    refuseUnsafe(path, header, name);
    const entry = await entryOf(path, header, { contents, before: entries, name });
    const before = entries.get(path);
    if (before !== undefined && !isSame(before, entry))
      throw unsafeEntry(name, path, 'stands twice with other contents');
    entries.set(path, entry);
    if (entries.size > MAX_ENTRIES) throw damagedTar(name, `it has more than ${MAX_ENTRIES} entries`);
  });
  for (const entry of entries.values()) checkPlace(entry, entries, name);
  return [...entries.values()];
}

/**
 * Hands the contents of each regular file to `visit`, in the archive's order; what it does not read is passed over. Nothing is checked.
 * Throws `archive-damaged`, and what `pieces` and `visit` throw.
 */
export async function eachTarFile(
  pieces: AsyncIterable<Uint8Array>,
  name: string,
  visit: (path: string, contents: AsyncIterable<Uint8Array>) => Promise<void>,
): Promise<void> {
  await walk(pieces, name, async (header, contents) => {
    if (header.kind === 'file') await visit(plainPath(header), contents);
  });
}

/**
 * The contents of the regular files whose path `wanted` accepts, for those who only look and write nothing: the rest of the archive is
 * neither checked nor refused, nor kept in memory. Of two files of one path the later one counts. Throws as `eachTarFile`.
 */
export async function readTarFiles(
  pieces: AsyncIterable<Uint8Array>,
  name: string,
  wanted: (path: string) => boolean,
): Promise<ReadonlyMap<string, Uint8Array>> {
  const files = new Map<string, Uint8Array>();
  await eachTarFile(pieces, name, async (path, contents) => {
    if (wanted(path)) files.set(path, await joined(contents));
  });
  return files;
}

/** Goes through an archive, header by header; `visit` may read the contents. */
async function walk(
  pieces: AsyncIterable<Uint8Array>,
  name: string,
  visit: (header: TarHeader, contents: AsyncIterable<Uint8Array>) => Promise<void>,
): Promise<void> {
  const window = new Window(pieces, name);
  const blocks = new TarBlocks(name);
  try {
    for (let block = await window.block(); block !== undefined; block = await window.block()) {
      const found = blocks.understand(block);
      if (found === undefined) return;
      const end = window.position + found.size;
      if (found.kind === 'entry') await visit(found.header, window.read(found.size));
      else blocks.extend(found, await joined(window.read(found.size)));
      if (!(await window.skip(end - window.position))) throw endsEarly(name);
      // What fills up the last block.
      await window.skip(Math.ceil(found.size / BLOCK) * BLOCK - found.size);
    }
    blocks.end();
  } finally {
    await window.close();
  }
}

async function joined(contents: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  for await (const part of contents) parts.push(part);
  return Buffer.concat(parts);
}

/** Goes through bytes that come in pieces. */
class Window {
  /** How many bytes lie behind. */
  position = 0;
  readonly #pieces: AsyncIterator<Uint8Array>;
  readonly #name: string;
  #piece: Uint8Array = new Uint8Array();

  constructor(pieces: AsyncIterable<Uint8Array>, name: string) {
    this.#pieces = pieces[Symbol.asyncIterator]();
    this.#name = name;
  }

  /** The next header block; undefined where there are not so many bytes. */
  async block(): Promise<Uint8Array | undefined> {
    const block = new Uint8Array(BLOCK);
    for (let done = 0; done < BLOCK; ) {
      const part = await this.#next(BLOCK - done);
      if (part === undefined) return undefined;
      block.set(part, done);
      done += part.length;
    }
    return block;
  }

  /** The next `length` bytes in parts. Throws `archive-damaged` where there are not so many. */
  async *read(length: number): AsyncGenerator<Uint8Array> {
    for (let left = length; left > 0; ) {
      const part = await this.#next(left);
      if (part === undefined) throw endsEarly(this.#name);
      left -= part.length;
      yield part;
    }
  }

  /** Leaves out `length` bytes; false where there are not so many. */
  async skip(length: number): Promise<boolean> {
    for (let left = length; left > 0; ) {
      const part = await this.#next(left);
      if (part === undefined) return false;
      left -= part.length;
    }
    return true;
  }

  /** No more is wanted. */
  async close(): Promise<void> {
    await this.#pieces.return?.();
  }

  /** Some of the next bytes, at most `length`; undefined at the end. */
  async #next(length: number): Promise<Uint8Array | undefined> {
    while (this.#piece.length === 0) {
      const next = await this.#pieces.next();
      if (next.done === true) return undefined;
      this.#piece = next.value;
    }
    const part = this.#piece.subarray(0, length);
    this.#piece = this.#piece.subarray(part.length);
    this.position += part.length;
    return part;
  }
}

function endsEarly(name: string): Error {
  return damagedTar(name, 'it ends early');
}

/** The path without the `./` in front and the `/` behind that programs put there. */
function plainPath({ path, kind }: TarHeader): string {
  const bare = path.replace(/^(?:\.\/+)+/, '').replace(/^\.$/, '');
  return kind === 'folder' ? bare.replace(/\/+$/, '') : bare;
}

function refuseUnsafe(path: string, { kind }: TarHeader, name: string): void {
  if (kind === 'other') throw unsafeEntry(name, path, 'is neither a file nor a folder nor a link');
  const fault = pathFault(path, kind === 'folder' ? 'folder' : 'file');
  if (fault === undefined || (process.platform !== 'win32' && HARMLESS.has(fault))) return;
  throw unsafeEntry(name, path, fault);
}

/** What only some systems cannot store: source distributions carry such files as test data. */
const HARMLESS: ReadonlySet<string> = new Set(['has a backslash', 'has a segment that ends in a dot or a space']);

interface Around {
  readonly contents: AsyncIterable<Uint8Array>;
  readonly before: ReadonlyMap<string, TarEntry>;
  readonly name: string;
}

async function entryOf(path: string, header: TarHeader, { contents, before, name }: Around): Promise<TarEntry> {
  switch (header.kind) {
    case 'folder':
      return { kind: 'folder', path };
    case 'symlink':
      return { kind: 'symlink', path, target: header.target };
    case 'hardlink': {
      const target = before.get(header.target.replace(/^(?:\.\/+)+/, ''));
      if (target?.kind !== 'file') throw unsafeEntry(name, path, 'is a link to a file that the archive does not have');
      return { ...target, path, source: target.source ?? target.path };
    }
    default: {
      const hasher = new Bun.CryptoHasher('sha256');
      for await (const part of contents) hasher.update(part);
      return { kind: 'file', path, executable: header.executable, digest: hasher.digest('hex'), source: undefined };
    }
  }
}

function isSame(one: TarEntry, other: TarEntry): boolean {
  if (one.kind === 'file' && other.kind === 'file') return one.digest === other.digest;
  if (one.kind === 'symlink' && other.kind === 'symlink') return one.target === other.target;
  return one.kind === other.kind;
}

/** An entry stands in folders only, and a link leads nowhere outside. */
function checkPlace(entry: TarEntry, entries: ReadonlyMap<string, TarEntry>, name: string): void {
  const { path } = entry;
  for (let slash = path.lastIndexOf('/'); slash > 0; slash = path.lastIndexOf('/', slash - 1)) {
    const above = entries.get(path.slice(0, slash))?.kind ?? 'folder';
    if (above !== 'folder') throw unsafeEntry(name, path, `stands below a ${above === 'file' ? 'file' : 'link'}`);
  }
  if (entry.kind === 'symlink' && !staysInside(entry, entries))
    throw unsafeEntry(name, path, 'is a link that leaves the archive');
}

/** Links that are followed for one; more are a circle. */
const MOST_LINKS = 40;

/** Follows a link as the system would, through whatever links of the archive it meets. */
function staysInside(link: TarEntry & { readonly kind: 'symlink' }, entries: ReadonlyMap<string, TarEntry>): boolean {
  const place: string[] = link.path.split('/').slice(0, -1);
  const rest = segmentsOf(link.target);
  if (rest === undefined) return false;
  let followed = 0;
  for (let segment = rest.shift(); segment !== undefined; segment = rest.shift()) {
    if (segment === '' || segment === '.') continue;
    if (segment === '..') {
      if (place.pop() === undefined) return false;
      continue;
    }
    const next = entries.get([...place, segment].join('/'));
    if (next?.kind !== 'symlink') {
      place.push(segment);
      continue;
    }
    const inner = segmentsOf(next.target);
    if (inner === undefined) return false;
    // A circle is no way out; whoever opens it gets the system's error.
    if (++followed > MOST_LINKS) return true;
    rest.unshift(...inner);
  }
  return true;
}

/** The parts of a relative target; undefined where it is absolute or speaks of another system's paths. */
function segmentsOf(target: string): string[] | undefined {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
  if (target === '' || target.startsWith('/') || /^[A-Za-z]:|[\\\u0000-\u001f\u007f]/.test(target)) return undefined;
  return target.split('/');
}

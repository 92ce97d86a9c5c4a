/**
 * Reading tar archives that may be hostile. Every entry's path, kind and link is checked before the first one is handed out, so that
 * whoever unpacks writes either everything or nothing.
 *
 * A symbolic link is allowed where following it, through the archive's other links, stays inside; nothing may be written through one.
 */

import { BLOCK, damagedTar, endsEarly, padded, TarBlocks, type TarHeader, tarHeaders } from './_tar-headers.ts';
import { pathFault, unsafeEntry } from './safe-path.ts';

/** A file, folder or link of a checked archive. */
export type TarEntry =
  | { readonly kind: 'file'; readonly path: string; readonly contents: Uint8Array; readonly executable: boolean }
  | { readonly kind: 'folder'; readonly path: string }
  /** `target` as stored: relative to the link's folder. */
  | { readonly kind: 'symlink'; readonly path: string; readonly target: string };

const MAX_ENTRIES = 500_000;

/**
 * The entries of an archive that is unpacked to `bytes`; `name` is for messages. A path stands once, hard links are files. Throws
 * `archive-unsafe` or `archive-damaged`.
 */
export function readTar(bytes: Uint8Array, name: string): readonly TarEntry[] {
  const entries = new Map<string, TarEntry>();
  for (const header of tarHeaders(bytes, name)) {
    const path = plainPath(header);
    if (path === '') continue;
    refuseUnsafe(path, header, name);
    const entry = entryOf(path, header, bytes, entries, name);
    const before = entries.get(path);
    if (before !== undefined && !isSame(before, entry))
      throw unsafeEntry(name, path, 'stands twice with other contents');
    entries.set(path, entry);
    if (entries.size > MAX_ENTRIES) throw damagedTar(name, `it has more than ${MAX_ENTRIES} entries`);
  }
  for (const entry of entries.values()) checkPlace(entry, entries, name);
  return [...entries.values()];
}

/**
 * The contents of the regular files whose path `wanted` accepts, for those who only look and write nothing: the rest of the archive is
 * neither checked nor refused, nor kept in memory. Of two files of one path the later one counts. Throws `archive-damaged`.
 */
export async function readTarFiles(
  pieces: AsyncIterable<Uint8Array>,
  name: string,
  wanted: (path: string) => boolean,
): Promise<ReadonlyMap<string, Uint8Array>> {
  const window = new Window(pieces);
  try {
    return await wantedFiles(window, name, wanted);
  } finally {
    await window.close();
  }
}

async function wantedFiles(
  window: Window,
  name: string,
  wanted: (path: string) => boolean,
): Promise<ReadonlyMap<string, Uint8Array>> {
  const files = new Map<string, Uint8Array>();
  const blocks = new TarBlocks(name);
  for (;;) {
    const block = await window.take(BLOCK);
    if (block === undefined) break;
    const found = blocks.understand(block);
    if (found === undefined) return files;
    const { size } = found;
    const path = found.kind === 'entry' ? plainPath(found.header) : '';
    const isKept = found.kind === 'extension' || (found.header.kind === 'file' && wanted(path));
    const contents = isKept ? await window.take(size) : undefined;
    if (isKept ? contents === undefined : !(await window.skip(size))) throw endsEarly(name);
    if (found.kind === 'extension') blocks.extend(found, contents ?? new Uint8Array());
    else if (contents !== undefined) files.set(path, contents);
    await window.skip(padded(size) - size);
  }
  blocks.end();
  return files;
}

/** Goes through bytes that come in pieces. */
class Window {
  readonly #pieces: AsyncIterator<Uint8Array>;
  #piece: Uint8Array = new Uint8Array();

  constructor(pieces: AsyncIterable<Uint8Array>) {
    this.#pieces = pieces[Symbol.asyncIterator]();
  }

  /** The next `length` bytes; undefined where there are not so many. */
  async take(length: number): Promise<Uint8Array | undefined> {
    if (this.#piece.length >= length) {
      const taken = this.#piece.slice(0, length);
      this.#piece = this.#piece.subarray(length);
      return taken;
    }
    const parts: Uint8Array[] = [];
    for (let missing = length; missing > 0; ) {
      if (this.#piece.length === 0 && !(await this.#advance())) return undefined;
      const part = this.#piece.subarray(0, missing);
      parts.push(part);
      missing -= part.length;
      this.#piece = this.#piece.subarray(part.length);
    }
    return Buffer.concat(parts);
  }

  /** Leaves out `length` bytes; false where there are not so many. */
  async skip(length: number): Promise<boolean> {
    for (let left = length; left > 0; ) {
      if (this.#piece.length === 0 && !(await this.#advance())) return false;
      const part = Math.min(left, this.#piece.length);
      left -= part;
      this.#piece = this.#piece.subarray(part);
    }
    return true;
  }

  /** No more is wanted. */
  async close(): Promise<void> {
    await this.#pieces.return?.();
  }

  async #advance(): Promise<boolean> {
    const next = await this.#pieces.next();
    this.#piece = next.done === true ? new Uint8Array() : next.value;
    return next.done !== true;
  }
}

/** The path without the `./` in front and the `/` behind that programs put there. */
function plainPath({ path, kind }: Pick<TarHeader, 'path' | 'kind'>): string {
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

function entryOf(
  path: string,
  header: TarHeader,
  bytes: Uint8Array,
  before: ReadonlyMap<string, TarEntry>,
  name: string,
): TarEntry {
  switch (header.kind) {
    case 'folder':
      return { kind: 'folder', path };
    case 'symlink':
      return { kind: 'symlink', path, target: header.target };
    case 'hardlink': {
      const target = before.get(header.target.replace(/^(?:\.\/+)+/, ''));
      if (target?.kind !== 'file') throw unsafeEntry(name, path, 'is a link to a file that the archive does not have');
      return { ...target, path };
    }
    default: {
      const contents = bytes.subarray(header.offset, header.offset + header.size);
      return { kind: 'file', path, contents, executable: header.executable };
    }
  }
}

function isSame(one: TarEntry, other: TarEntry): boolean {
  if (one.kind === 'file' && other.kind === 'file') return Buffer.compare(one.contents, other.contents) === 0;
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

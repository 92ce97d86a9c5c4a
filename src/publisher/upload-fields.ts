/**
 * The form fields that accompany a file: its hashes and its metadata.
 * (PyPI's documentation, "Upload API".)
 */

import { createReadStream } from 'node:fs';
import { basename } from 'node:path';
import { openTar } from '../archive/decompress.ts';
import { readTarFiles } from '../archive/read-tar.ts';
import { openZip } from '../archive/read-zip.ts';
import { TercetError } from '../ground/error.ts';
import { metadataFields } from '../metadata/metadata-fields.ts';

/** Name and value; a name may stand more than once. */
export type Field = readonly [name: string, value: string];

/** The fields for a file, without `:action` and its contents. Throws `distribution-invalid` for one without metadata. */
export async function uploadFields(file: string): Promise<readonly Field[]> {
  const isWheel = file.endsWith('.whl');
  const hashes = await hashesOf(file);
  const python = isWheel ? basename(file, '.whl').split('-').at(-3) : 'source';
  const own: Field[] = [
    ['md5_digest', hashes.md5],
    ['sha256_digest', hashes.sha256],
    ['blake2_256_digest', hashes.blake2],
    ['filetype', isWheel ? 'bdist_wheel' : 'sdist'],
    ...(python === undefined ? [] : ([['pyversion', python]] as const)),
  ];
  return [...own, ...metadataFields(isWheel ? wheelMetadata(file) : await sdistMetadata(file))];
}

async function hashesOf(
  file: string,
): Promise<{ readonly md5: string; readonly sha256: string; readonly blake2: string }> {
  const md5 = new Bun.CryptoHasher('md5');
  const sha256 = new Bun.CryptoHasher('sha256');
  const blake2 = new Bun.CryptoHasher('blake2b256');
  for await (const chunk of createReadStream(file) as AsyncIterable<Uint8Array>) {
    for (const hasher of [md5, sha256, blake2]) hasher.update(chunk);
  }
  return { md5: md5.digest('hex'), sha256: sha256.digest('hex'), blake2: blake2.digest('hex') };
}

function wheelMetadata(file: string): string {
  using zip = openZip(file);
  const entry = zip.entries.find(({ path }) => /^[^/]+\.dist-info\/METADATA$/.test(path));
  if (entry === undefined) throw invalid(file, 'METADATA not found in wheel');
  return Buffer.from(zip.read(entry)).toString('utf8');
}

async function sdistMetadata(file: string): Promise<string> {
  const name = basename(file);
  try {
    const pieces = await openTar(file, name);
    const [found] = (await readTarFiles(pieces(), name, (path) => /^[^/]+\/PKG-INFO$/.test(path))).values();
    if (found !== undefined) return Buffer.from(found).toString('utf8');
  } catch (cause) {
    throw invalid(file, (cause as Error).message, cause);
  }
  throw invalid(file, 'PKG-INFO not found in sdist');
}

function invalid(file: string, why: string, cause?: unknown): TercetError {
  return new TercetError('distribution-invalid', `${basename(file)} cannot be published: ${why}`, {
    hints: ['Build it anew: `tercet build`.'],
    cause,
  });
}

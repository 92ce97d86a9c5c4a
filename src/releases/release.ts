/**
 * Releases of tercet at an address: `latest` and `preview` hold a version, `X.Y.Z/SHA256SUMS` the hashes, `X.Y.Z/SHA256SUMS.sig` their
 * signature (ECDSA P-256, DER), `X.Y.Z/tercet-TARGET.gz` an executable.
 */

import { createPublicKey, verify } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import { TercetError } from '../ground/error.ts';
import { withoutCredentials } from '../ground/redact.ts';
import { downloadBytes } from '../http/download.ts';
import type { Transport } from '../http/transport.ts';
import { tryParseVersion } from '../versions/version.ts';

export interface ReleaseHost {
  readonly transport: Transport;
  /** Without a slash at its end. */
  readonly baseUrl: string;
}

/** More than any executable of ours; a file that unpacks to more is not one. */
const MOST_BYTES = 1_000_000_000;

/** The newest version as its host writes it, with pre-releases where `preview` is true. Throws `release-unreadable` and what the transport throws. */
export async function newestVersion({ transport, baseUrl }: ReleaseHost, preview: boolean): Promise<string> {
  const url = `${baseUrl}/${preview ? 'preview' : 'latest'}`;
  const text = (await document(transport, url)).toString().trim();
  if (!/^[0-9A-Za-z.+-]{1,64}$/.test(text) || tryParseVersion(text) === undefined)
    throw unreadable(url, 'holds no version');
  return text;
}

/**
 * The executable of a release, checked against its hash, and the hashes against their signature where a key is given. Throws
 * `release-not-found`, `signature-wrong`, `hash-mismatch`, and what the transport throws.
 */
export async function fetchExecutable(
  { transport, baseUrl }: ReleaseHost,
  version: string,
  target: string,
  key: string | undefined,
): Promise<Uint8Array> {
  const folder = `${baseUrl}/${encodeURIComponent(version)}`;
  const sums = await document(transport, `${folder}/SHA256SUMS`);
  if (key !== undefined) checkSignature(sums, await document(transport, `${folder}/SHA256SUMS.sig`), key, folder);
  const file = `tercet-${target}${target.startsWith('windows') ? '.exe' : ''}.gz`;
  const sha256 = hashOf(sums.toString(), file);
  if (sha256 === undefined) {
    throw new TercetError('release-not-found', `Release ${version} has no executable for ${target}`);
  }
  const { contents } = await downloadBytes(transport, `${folder}/${file}`, { hashes: { sha256 } });
  return gunzipSync(contents, { maxOutputLength: MOST_BYTES });
}

function checkSignature(sums: Uint8Array, signature: Uint8Array, key: string, folder: string): void {
  let right = false;
  try {
    right = verify('sha256', sums, createPublicKey(key), signature);
  } catch {}
  if (right) return;
  throw new TercetError('signature-wrong', `The signature of ${withoutCredentials(folder)} is wrong`, {
    hints: ['Nothing was changed. Tell whoever runs that address; somebody may have tampered with it.'],
  });
}

/** The hash of `file` in the text that `sha256sum` writes. */
function hashOf(sums: string, file: string): string | undefined {
  for (const line of sums.split('\n')) {
    const match = /^([0-9a-f]{64}) [ *](.+)$/.exec(line);
    if (match?.[2] === file) return match[1];
  }
  return undefined;
}

async function document(transport: Transport, url: string): Promise<Buffer> {
  const { status, body } = await transport.fetch(url);
  if (status === 200) return Buffer.from(body);
  if (status === 404 || status === 410) {
    throw new TercetError('release-not-found', `There is no ${withoutCredentials(url)}`, {
      hints: ['Is that version a release of tercet? `tercet self update` without a version takes the newest.'],
    });
  }
  throw unreadable(url, `answered ${status}`);
}

function unreadable(url: string, why: string): TercetError {
  return new TercetError('release-unreadable', `${withoutCredentials(url)} ${why}`);
}

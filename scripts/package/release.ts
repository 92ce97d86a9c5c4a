/**
 * A release host as files, to be put behind any web server:
 *
 *     install.sh  install.ps1  get-tercet.py
 *     latest  preview             the newest version, without and with pre-releases
 *     X.Y.Z/tercet-TARGET.gz      one executable each (.exe.gz for Windows)
 *     X.Y.Z/SHA256SUMS            and SHA256SUMS.sig, an ECDSA P-256 signature (DER)
 */

import { createHash, createPublicKey, sign } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { installers } from './installers.ts';

export interface ReleaseOptions {
  readonly directory: string;
  readonly version: string;
  /** The executables, by the target's name. */
  readonly executables: ReadonlyMap<string, string>;
  /** The private release key (PEM, EC P-256). Default: none, the release is not signed. */
  readonly signingKey?: string;
  readonly baseUrl?: string;
}

/** Writes the release, beside those that are there. */
export function writeRelease(options: ReleaseOptions): void {
  const { directory, version, executables, signingKey, baseUrl } = options;
  const folder = join(directory, version);
  mkdirSync(folder, { recursive: true });
  const sums: string[] = [];
  for (const [target, file] of [...executables].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const name = `tercet-${target}${target.startsWith('windows') ? '.exe' : ''}.gz`;
    const packed = gzipSync(readFileSync(file), { level: 9 });
    writeFileSync(join(folder, name), packed);
    sums.push(`${createHash('sha256').update(packed).digest('hex')}  ${name}\n`);
  }
  const text = sums.join('');
  writeFileSync(join(folder, 'SHA256SUMS'), text);
  if (signingKey !== undefined)
    writeFileSync(join(folder, 'SHA256SUMS.sig'), sign('sha256', Buffer.from(text), signingKey));
  const publicKey =
    signingKey === undefined
      ? undefined
      : createPublicKey(signingKey).export({ type: 'spki', format: 'pem' }).toString();
  const stamp = {
    ...(baseUrl === undefined ? {} : { baseUrl }),
    ...(publicKey === undefined ? {} : { publicKey }),
  };
  for (const [name, script] of Object.entries(installers(stamp))) writeFileSync(join(directory, name), script);
  writeFileSync(join(directory, 'preview'), `${version}\n`);
  if (/^\d+\.\d+\.\d+$/.test(version)) writeFileSync(join(directory, 'latest'), `${version}\n`);
}

/** A certification authority of the tests' own and a certificate for 127.0.0.1, made by the program openssl. */

import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CannotRun } from './bed.ts';

export interface TestCertificates {
  /** Path of the authority's certificate. */
  readonly authority: string;
  /** Path of another authority's, which signed nothing here. */
  readonly stranger: string;
  /** Key and certificate of the server, as text. */
  readonly key: string;
  readonly cert: string;
}

let made: TestCertificates | undefined;

/** Made once in a process. Throws `CannotRun` where there is no openssl. */
export function testCertificates(): TestCertificates {
  made ??= make();
  return made;
}

function make(): TestCertificates {
  if (Bun.which('openssl') === null) throw new CannotRun('there is no openssl here');
  const folder = mkdtempSync(join(tmpdir(), 'tercet-certificates-'));
  const at = (name: string): string => join(folder, name);
  const openssl = (...args: readonly string[]): void => {
    const done = Bun.spawnSync(['openssl', ...args], { cwd: folder, stdout: 'ignore', stderr: 'pipe' });
    if (done.exitCode !== 0) throw new CannotRun(`openssl ${args[0]}: ${done.stderr}`);
  };
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  for (const name of ['authority', 'stranger']) {
    openssl(
      'req',
      '-x509',
      ...curve,
      '-days',
      '2',
      '-subj',
      `/CN=tests ${name}`,
      '-keyout',
      `${name}.key`,
      '-out',
      `${name}.pem`,
    );
  }
  const names = ['-addext', 'subjectAltName=IP:127.0.0.1,DNS:localhost'];
  openssl('req', ...curve, '-subj', '/CN=localhost', ...names, '-keyout', 'server.key', '-out', 'server.csr');
  const signing = ['-CA', 'authority.pem', '-CAkey', 'authority.key', '-CAcreateserial', '-copy_extensions', 'copy'];
  openssl('x509', '-req', '-in', 'server.csr', ...signing, '-days', '2', '-out', 'server.pem');
  return {
    authority: at('authority.pem'),
    stranger: at('stranger.pem'),
    key: readFileSync(at('server.key'), 'utf8'),
    cert: readFileSync(at('server.pem'), 'utf8'),
  };
}

/** Whom TLS trusts and as whom it speaks: own CA bundles, client certificates, and hosts that are not checked at all. */

import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { TercetError } from '../ground/error.ts';

/** What the configuration says for one host (`certificates.NAME.*`). */
export interface Certificates {
  /** Path of a CA bundle (PEM) or of a folder of them; `false` checks nothing. Default: as everywhere. */
  readonly cert?: string | false;
  /** Path of a PEM file with certificate and key. */
  readonly clientCert?: string;
}

/** What `fetch` wants to be told. */
export interface TlsOptions {
  readonly ca?: readonly string[];
  readonly cert?: string;
  readonly key?: string;
  readonly rejectUnauthorized?: boolean;
}

const BUNDLE_VARIABLES = ['REQUESTS_CA_BUNDLE', 'CURL_CA_BUNDLE', 'SSL_CERT_FILE', 'PIP_CERT'] as const;

/** The variable and path of the CA bundle that the environment names, if any. */
function environmentBundle(
  env: Readonly<Record<string, string | undefined>>,
): { readonly variable: string; readonly path: string } | undefined {
  for (const variable of BUNDLE_VARIABLES) {
    const path = env[variable];
    if (path !== undefined && path !== '') return { variable, path };
  }
  return undefined;
}

/** Throws `certificates-unreadable` for a path that cannot be read, naming who asked for it. */
export function tlsOptions(
  certificates: Certificates | undefined,
  env: Readonly<Record<string, string | undefined>>,
): TlsOptions | undefined {
  const own = certificates?.cert;
  const bundle = typeof own === 'string' ? { variable: 'certificates', path: own } : environmentBundle(env);
  const client = certificates?.clientCert === undefined ? {} : clientOptions(certificates.clientCert);
  if (own === false) return { rejectUnauthorized: false, ...client };
  if (bundle === undefined) return certificates?.clientCert === undefined ? undefined : client;
  return { ca: authorities(bundle.path, bundle.variable), ...client };
}

function authorities(path: string, asker: string): readonly string[] {
  const texts = isFolder(path, asker)
    ? readdirSync(path)
        .filter((name) => /\.(pem|crt|cer|0)$/.test(name))
        .map((name) => readPem(join(path, name), asker))
    : [readPem(path, asker)];
  if (texts.some((text) => text.includes('-----BEGIN '))) return texts;
  throw unreadable(path, asker, new Error('no certificate in it'));
}

function clientOptions(path: string): TlsOptions {
  const pem = readPem(path, 'client-cert');
  return { cert: pem, key: pem };
}

function isFolder(path: string, asker: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch (cause) {
    throw unreadable(path, asker, cause);
  }
}

function readPem(path: string, asker: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw unreadable(path, asker, cause);
  }
}

function unreadable(path: string, asker: string, cause: unknown): TercetError {
  return new TercetError('certificates-unreadable', `Could not read the certificates at ${path} (named by ${asker})`, {
    hints: [`Correct or unset ${asker}.`],
    cause,
  });
}

/** An index client and its transport as the configuration and the environment want them. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { cacheDirectory } from '../cache/places.ts';
import type { Configuration } from '../configuration/configuration.ts';
import { createCredentials, nearest, type Repository } from '../credentials/credentials.ts';
import { createKeyring } from '../credentials/keyring.ts';
import type { Emit } from '../ground/events.ts';
import type { Certificates } from '../http/certificates.ts';
import { createTransport, type Transport } from '../http/transport.ts';
import type { Source } from '../manifest/manifest.ts';
import { createIndexClient, type IndexClient } from './client.ts';
import { defaultIndexUrl, PYPI } from './pypi.ts';

export interface ConfiguredOptions {
  readonly configuration: Configuration;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The user's folder, for `.netrc`. */
  readonly home: string;
  readonly sources: readonly Source[];
  readonly emit: Emit;
  readonly projectDir?: string;
  /** Default: false. */
  readonly offline?: boolean;
  /** Default: false. */
  readonly noCache?: boolean;
  readonly signal?: AbortSignal;
  /** `tercet/X.Y.Z`. */
  readonly userAgent?: string;
  /** Milliseconds since 1970. Default: the clock. */
  readonly now?: () => number;
}

export interface ConfiguredIndex {
  readonly client: IndexClient;
  /** For downloads from the same indexes. */
  readonly transport: Transport;
  readonly cacheDir: string;
}

export function configuredIndex(options: ConfiguredOptions): ConfiguredIndex {
  const { configuration, env, home, sources } = options;
  const pypiUrl = defaultIndexUrl(env, (path) => configuration.lookup(path));
  const repositories: Repository[] = [
    ...sources.flatMap(({ name, url }) => (url === undefined ? [] : [{ name, url }])),
    { name: PYPI, url: pypiUrl },
    ...configuredRepositories(configuration.lookup('repositories')),
  ];
  const parsed = repositories.flatMap(({ name, url }) => {
    const address = URL.parse(url);
    return address === null ? [] : [{ name, url: address }];
  });
  const transport = createTransport({
    env,
    credentials: createCredentials({
      lookup: (path) => configuration.lookup(path),
      repositories,
      netrc: () => netrcText(env, home),
      ...(configuration.get('keyring.enabled') === false ? {} : { keyring: createKeyring() }),
    }),
    certificates(url) {
      const repository = nearest(parsed, url);
      return repository === undefined ? undefined : certificatesOf(configuration, repository.name);
    },
    ...(options.offline === undefined ? {} : { offline: options.offline }),
    ...(options.signal === undefined ? {} : { signal: options.signal }),
    ...(options.userAgent === undefined ? {} : { userAgent: options.userAgent }),
  });
  const cacheDir = cacheDirectory({ env, poetryCacheDir: configuration.folder('cache-dir') });
  const client = createIndexClient({
    transport,
    cacheDir,
    sources,
    emit: options.emit,
    now: options.now ?? Date.now,
    pypiUrl,
    lazyWheel: configuration.get('solver.lazy-wheel') !== false,
    ...(options.projectDir === undefined ? {} : { projectDir: options.projectDir }),
    ...(options.noCache === undefined ? {} : { noCache: options.noCache }),
  });
  return { client, transport, cacheDir };
}

function configuredRepositories(table: unknown): readonly Repository[] {
  if (typeof table !== 'object' || table === null) return [];
  return Object.entries(table).flatMap(([name, entry]) => {
    const url: unknown = typeof entry === 'object' && entry !== null ? Reflect.get(entry, 'url') : undefined;
    return typeof url === 'string' ? [{ name, url }] : [];
  });
}

/** `certificates.NAME.cert` (a path, or `false`) and `client-cert`. */
function certificatesOf(configuration: Configuration, name: string): Certificates | undefined {
  const cert = configuration.lookup(['certificates', name, 'cert']);
  const clientCert = configuration.lookup(['certificates', name, 'client-cert']);
  const trusted =
    cert === false || cert === 'false' ? false : typeof cert === 'string' && cert !== 'true' ? cert : undefined;
  if (trusted === undefined && typeof clientCert !== 'string') return undefined;
  return {
    ...(trusted === undefined ? {} : { cert: trusted }),
    ...(typeof clientCert === 'string' ? { clientCert } : {}),
  };
}

/** `NETRC` names the file; else `.netrc`, on Windows also `_netrc`. */
function netrcText(env: ConfiguredOptions['env'], home: string): string | undefined {
  const named = env.NETRC;
  const files = named !== undefined && named !== '' ? [named] : [join(home, '.netrc'), join(home, '_netrc')];
  for (const file of files) {
    try {
      return readFileSync(file, 'utf8');
    } catch {}
  }
  return undefined;
}

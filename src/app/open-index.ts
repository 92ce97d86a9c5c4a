/** The index client of a command: the project's sources, with the user's credentials, certificates, proxies and cache. */

import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { cacheDirectory } from '../cache/places.ts';
import type { Configuration } from '../configuration/configuration.ts';
import { createCredentials, nearest, type Repository } from '../credentials/credentials.ts';
import type { Certificates } from '../http/certificates.ts';
import { createTransport, type Transport } from '../http/transport.ts';
import { createIndexClient, type IndexClient } from '../index/client.ts';
import { defaultIndexUrl } from '../index/pypi.ts';
import type { Source } from '../manifest/manifest.ts';
import type { Context } from './context.ts';

/** The client for PyPI and `sources`. */
export async function openIndex(context: Context, sources: readonly Source[]): Promise<IndexClient> {
  const configuration = await context.configuration();
  const projectDir = context.projectDirectory();
  return createIndexClient({
    transport: openTransport(context, configuration, sources),
    cacheDir: cacheDirectory({ env: context.env, poetryCacheDir: configuration.folder('cache-dir') }),
    sources,
    emit: context.emit,
    now: Date.now,
    pypiUrl: defaultIndexUrl(context.env, (path) => configuration.lookup(path)),
    ...(projectDir === undefined ? {} : { projectDir }),
    noCache: context.noCache,
    lazyWheel: configuration.get('solver.lazy-wheel'),
  });
}

/** The transport that knows who the user is at each of the sources. */
export function openTransport(context: Context, configuration: Configuration, sources: readonly Source[]): Transport {
  const repositories = repositoriesOf(configuration, sources);
  const lookup = (path: readonly string[]): unknown => configuration.lookup(path);
  const placed = repositories.flatMap(({ name, url }) => {
    const parsed = URL.parse(url);
    return parsed === null ? [] : [{ name, url: parsed }];
  });
  return createTransport({
    env: context.env,
    signal: context.signal,
    userAgent: `tercet/${context.toolVersion}`,
    credentials: createCredentials({ lookup, repositories, netrc: () => readNetrc(context) }),
    certificates: (url) => {
      const repository = nearest(placed, url);
      return repository === undefined ? undefined : certificatesOf(lookup, repository.name);
    },
  });
}

/** The project's sources first, then `repositories.*` of the configuration. */
function repositoriesOf(configuration: Configuration, sources: readonly Source[]): readonly Repository[] {
  const own = sources.flatMap(({ name, url }) => (url === undefined ? [] : [{ name, url }]));
  const configured = configuration.lookup('repositories');
  if (typeof configured !== 'object' || configured === null) return own;
  const others = Object.entries(configured).flatMap(([name, value]) => {
    const url: unknown = typeof value === 'object' && value !== null && 'url' in value ? value.url : undefined;
    return typeof url === 'string' ? [{ name, url }] : [];
  });
  return [...own, ...others];
}

function certificatesOf(lookup: (path: readonly string[]) => unknown, name: string): Certificates | undefined {
  const cert = lookup(['certificates', name, 'cert']);
  const clientCert = lookup(['certificates', name, 'client-cert']);
  if (cert === undefined && clientCert === undefined) return undefined;
  return {
    ...(typeof cert === 'string' ? { cert } : cert === false ? { cert } : {}),
    ...(typeof clientCert === 'string' ? { clientCert } : {}),
  };
}

function readNetrc({ env }: Context): string | undefined {
  const path = env['NETRC'] ?? join(env['HOME'] ?? homedir(), '.netrc');
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

/** The index client of a command and its transport, as the project, the configuration and the environment want them. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Configuration } from '../configuration/configuration.ts';
import { type Credentials, createCredentials, nearest, type Repository } from '../credentials/credentials.ts';
import { createKeyring } from '../credentials/keyring.ts';
import type { Certificates } from '../http/certificates.ts';
import { createRemoteCache, type RemoteCache, remoteCachePlace } from '../http/remote-cache.ts';
import { createTransport, type Transport } from '../http/transport.ts';
import type { BuildMetadata } from '../index/build-metadata.ts';
import { createIndexClient, type IndexClient } from '../index/client.ts';
import type { GitLogin } from '../index/git-origin.ts';
import { defaultIndexUrl, isPypi, PYPI } from '../index/pypi.ts';
import { checkClock, withReleaseAge } from '../index/release-age.ts';
import type { Source } from '../manifest/manifest.ts';
import { projectName } from '../names/name.ts';
import type { Builds } from './builds.ts';
import type { Context } from './context.ts';
import { traced } from './trace.ts';

export interface OpenIndex {
  readonly client: IndexClient;
  /** For downloads from the same indexes. */
  readonly transport: Transport;
  readonly cacheDir: string;
  /** Default: the team has none. */
  readonly remoteCache?: RemoteCache;
  /** The user and password that are configured for an address, or that the keyring has. */
  readonly login: (url: URL) => Promise<Credentials | undefined>;
  /** Builds what has no wheel, or states no requirements; loaded when the first thing has to be built. */
  readonly builds: () => Promise<Builds>;
}

/** Opens PyPI and `sources`. */
export async function openIndex(context: Context, sources: readonly Source[]): Promise<OpenIndex> {
  const { env, signal } = context;
  const configuration = await context.configuration();
  const projectDir = context.projectDirectory();
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
  const credentialOptions = {
    lookup: (path: readonly string[]) => credentialOf(configuration, path),
    repositories,
    ...(configuration.get('keyring.enabled') === false ? {} : { keyring: createKeyring() }),
  };
  const direct = createTransport({
    env,
    credentials: createCredentials({ ...credentialOptions, netrc: () => netrcText(context) }),
    certificates(url) {
      const repository = nearest(parsed, url);
      return repository === undefined ? undefined : certificatesOf(configuration, repository.name);
    },
    signal,
    offline: context.offline,
    resumptions: Math.max(LEAST_RESUMPTIONS, configuration.get('requests.max-retries')),
    userAgent: `tercet/${context.toolVersion}`,
  });
  const transport = context.verbosity >= 3 ? traced(direct, context.emit) : direct;
  const cacheDir = await context.cacheFolder();
  const remoteCache = openRemoteCache(context, configuration);
  const shared = remoteCache === undefined ? {} : { remoteCache };
  const gitLogin: GitLogin = (address) => gitLoginOf(configuration, repositories, address);
  const openClient = (build: BuildMetadata): IndexClient =>
    agedClient(
      createIndexClient({
        transport,
        cacheDir,
        sources,
        emit: context.emit,
        now: Date.now,
        noCache: context.noCache,
        pypiUrl,
        lazyWheel: configuration.get('solver.lazy-wheel') !== false,
        build,
        gitLogin,
        ...shared,
        ...(configuration.get('solver.min-release-age') > 0 ? { onDate: (date) => checkClock(date, Date.now()) } : {}),
        ...(projectDir === undefined ? {} : { projectDir }),
      }),
      configuration,
      sources,
    );
  let opened: Promise<Builds> | undefined;
  const builds = (): Promise<Builds> => {
    opened ??= import('./builds.ts').then(({ openBuilds }) =>
      openBuilds({ context, sources, transport, cacheDir, gitLogin, openClient, ...shared }),
    );
    return opened;
  };
  const configured = createCredentials({ ...credentialOptions, netrc: () => undefined });
  const login = async (url: URL) => (await configured(url, false)) ?? (await configured(url, true));
  const client = openClient(async (source) => (await builds()).metadata(source));
  return { client, transport, cacheDir, builds, login, ...shared };
}

/**
 * The cache that `TERCET_REMOTE_CACHE`, else the setting `remote-cache.url`, names. Only the environment can switch uploads on: a project's
 * own settings must not send files anywhere.
 */
function openRemoteCache(context: Context, configuration: Configuration): RemoteCache | undefined {
  const { env, emit, signal, offline, noCache, toolVersion } = context;
  const set = configuration.lookup(['remote-cache', 'url']);
  const address = env.TERCET_REMOTE_CACHE || (typeof set === 'string' ? set : undefined);
  const place = remoteCachePlace(address, env.TERCET_REMOTE_CACHE_UPLOAD === '1', env);
  if (place === undefined || offline || noCache) return undefined;
  return createRemoteCache({
    place,
    env,
    signal,
    userAgent: `tercet/${toolVersion}`,
    now: () => new Date(),
    warn: (text) => emit({ kind: 'warning', text: `Warning: ${text}` }),
  });
}

/**
 * A value below `http-basic`. PyPI's are usually under `pypi`. An upload token among them is for publishing: it is not sent to
 * where PyPI's projects are read from, which may be a mirror.
 */
function credentialOf(configuration: Configuration, [table = '', name = '', key = '']: readonly string[]): unknown {
  if (!isPypi(name)) return configuration.lookup([table, name, key]);
  const names = [name, 'pypi'];
  const of = (part: string): unknown =>
    names.map((one) => configuration.lookup([table, one, part])).find((value) => value !== undefined);
  return of('username') === UPLOAD_TOKEN ? undefined : of(key);
}

/** A broken download is resumed so often at least, though `requests.max-retries` is 0 by default. */
const LEAST_RESUMPTIONS = 5;

/** The client under `solver.min-release-age`, where that is set. */
function agedClient(client: IndexClient, configuration: Configuration, sources: readonly Source[]): IndexClient {
  const days = configuration.get('solver.min-release-age');
  if (!(days > 0)) return client;
  return withReleaseAge(client, {
    days,
    excludedProjects: new Set((configuration.get('solver.min-release-age-exclude') ?? []).map(projectName)),
    excludedSources: configuration.get('solver.min-release-age-exclude-source') ?? [],
    sources,
    now: Date.now(),
  });
}

/** `http-basic.NAME` where `repositories.NAME.url` is the very address of a git repository. */
function gitLoginOf(
  configuration: Configuration,
  repositories: readonly Repository[],
  address: string,
): { readonly username: string; readonly password: string } | undefined {
  const name = repositories.find(({ url }) => url === address)?.name;
  if (name === undefined) return undefined;
  const [username, password] = ['username', 'password'].map((key) => configuration.lookup(['http-basic', name, key]));
  return typeof username === 'string' && typeof password === 'string' ? { username, password } : undefined;
}

/** The user name that goes with a token of PyPI. */
const UPLOAD_TOKEN = '__token__';

function configuredRepositories(table: unknown): readonly Repository[] {
  if (typeof table !== 'object' || table === null) return [];
  return Object.entries(table).flatMap(([name, entry]) => {
    const url: unknown = typeof entry === 'object' && entry !== null ? Reflect.get(entry, 'url') : undefined;
    return typeof url === 'string' ? [{ name, url }] : [];
  });
}

/** `certificates.NAME.cert` (a path, or `false`) and `client-cert`. */
export function certificatesOf(configuration: Configuration, name: string): Certificates | undefined {
  const settingOf = (key: string): unknown =>
    configuration.lookup(['certificates', name, key]) ??
    (isPypi(name) ? configuration.lookup(['certificates', 'pypi', key]) : undefined);
  const cert = settingOf('cert');
  const clientCert = settingOf('client-cert');
  const trusted =
    cert === false || cert === 'false' ? false : typeof cert === 'string' && cert !== 'true' ? cert : undefined;
  if (trusted === undefined && typeof clientCert !== 'string') return undefined;
  return {
    ...(trusted === undefined ? {} : { cert: trusted }),
    ...(typeof clientCert === 'string' ? { clientCert } : {}),
  };
}

/** `NETRC` names the file; else `.netrc`, on Windows also `_netrc`. */
export function netrcText({ env, home }: Context): string | undefined {
  const named = env.NETRC;
  const files = named !== undefined && named !== '' ? [named] : [join(home, '.netrc'), join(home, '_netrc')];
  for (const file of files) {
    try {
      return readFileSync(file, 'utf8');
    } catch {}
  }
  return undefined;
}

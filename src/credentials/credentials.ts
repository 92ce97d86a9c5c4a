/**
 * Who am I for this address. In order: what stands in the address itself (that is the transport's work), the
 * repository or source on the same host whose path is nearest (its own address, then its settings), `.netrc`, and, once a server has refused, the keyring.
 */

import { percentDecoded } from '../ground/percent.ts';
import { type NetrcEntry, netrcEntry, parseNetrc } from './netrc.ts';

export interface Credentials {
  readonly username: string;
  readonly password: string;
}

/** A named place that credentials may be configured for. */
export interface Repository {
  readonly name: string;
  readonly url: string;
}

export interface CredentialsOptions {
  /** A value of the configuration by its path: `['http-basic', 'internal', 'username']`. */
  readonly lookup: (path: readonly string[]) => unknown;
  /** Sources of the project and `repositories.*`, the project's first. */
  readonly repositories: readonly Repository[];
  /** The text of `.netrc`; read when it is first needed. */
  readonly netrc: () => string | undefined;
  /** A password from the keyring: service, and user where one is known. Default: there is no keyring. */
  readonly keyring?: (service: string, username: string | undefined) => Promise<Credentials | undefined>;
}

/** Answers with credentials for an address, or undefined. `refused`: the server said 401 to what was known. */
export type FindCredentials = (
  url: URL,
  refused: boolean,
) => Credentials | undefined | Promise<Credentials | undefined>;

/**
 * For an address: what stands in the address of the repository that it belongs to, else what is configured for that, else what `.netrc` has for the
 * host. The keyring is asked after a refusal only, for it may be slow, and may ask the user.
 */
export function createCredentials(options: CredentialsOptions): FindCredentials {
  let netrc: readonly NetrcEntry[] | undefined;
  const repositories = options.repositories.flatMap(({ name, url }) => {
    const parsed = URL.parse(url);
    if (parsed === null) return [];
    const login = written(parsed);
    parsed.username = '';
    parsed.password = '';
    return [{ name, url: parsed, login }];
  });
  const known = new Map<string, Credentials | undefined>();

  const configured = (name: string): Credentials | undefined => {
    if (known.has(name)) return known.get(name);
    const username = text(options.lookup(['http-basic', name, 'username']));
    const password = text(options.lookup(['http-basic', name, 'password']));
    const found = username === '' && password === '' ? undefined : { username, password };
    known.set(name, found);
    return found;
  };

  const fromKeyring = async (url: URL): Promise<Credentials | undefined> => {
    if (options.keyring === undefined) return undefined;
    const repository = nearest(repositories, url);
    if (repository !== undefined) {
      const username = configured(repository.name)?.username;
      if (username !== undefined && username !== '') {
        const found = await options.keyring(`poetry-repository-${repository.name}`, username);
        if (found !== undefined) return found;
      }
      const found = await options.keyring(repository.url.href, username);
      if (found !== undefined) return found;
    }
    return options.keyring(url.host, undefined);
  };

  return (url, refused) => {
    if (refused) return fromKeyring(url);
    const repository = nearest(repositories, url);
    const found = repository === undefined ? undefined : (repository.login ?? configured(repository.name));
    if (found !== undefined) return found;
    netrc ??= parseNetrc(options.netrc() ?? '');
    const entry = netrcEntry(netrc, url.hostname);
    return entry === undefined ? undefined : { username: entry.login, password: entry.password };
  };
}

/** Credentials that stand in an address. */
function written({ username, password }: URL): Credentials | undefined {
  if (username === '' && password === '') return undefined;
  return { username: percentDecoded(username), password: percentDecoded(password) };
}

/**
 * The repository that an address belongs to: same host and port, never https credentials over http, and of several
 * the one that shares most leading path segments.
 */
export function nearest<R extends { readonly url: URL }>(repositories: readonly R[], url: URL): R | undefined {
  let best: R | undefined;
  let bestScore = -1;
  for (const repository of repositories) {
    if (repository.url.host !== url.host) continue;
    if (repository.url.protocol === 'https:' && url.protocol !== 'https:') continue;
    const score = sharedSegments(repository.url.pathname, url.pathname);
    if (score > bestScore) {
      best = repository;
      bestScore = score;
    }
  }
  return best;
}

/** Twice the number of shared segments, and one more where the path lies inside the repository's. */
function sharedSegments(repository: string, path: string): number {
  const own = repository.split('/').filter((segment) => segment !== '');
  const other = path.split('/').filter((segment) => segment !== '');
  let shared = 0;
  while (shared < own.length && own[shared] === other[shared]) shared += 1;
  return shared * 2 + (shared === own.length ? 1 : 0);
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

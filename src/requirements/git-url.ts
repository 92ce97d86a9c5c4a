/** The address of a git repository, taken apart and put together as Poetry does for locks. */

import { ParseError } from '../ground/error.ts';

export interface GitUrl {
  /** `protocol://[user@]host[:port]/path`; what is written as `git@host:path` is `ssh`. */
  readonly url: string;
  /** What stands behind `@` or `#`. */
  readonly revision: string | undefined;
  readonly subdirectory: string | undefined;
}

const AUTHORITY = '(?:(?<user>[^/?#:@<>[\\]|]+(?::[^/?#:@<>[\\]|]*)?)@)?(?<host>[\\w.-]+)?(?::(?<port>\\d+))?';
const PATH = '(?<path>[:/\\\\][%\\w~.+\\-/\\\\$]*?)';
const FOLDER = '[\\w\\-/\\\\]+';
const SUFFIX =
  `(?:#(?:egg=.+?&)?subdirectory=(?<folder>${FOLDER})|#egg=?.+|` +
  `[@#](?<revision>[^@#]+?)(?:[&#](?:(?:egg=.+?&)?subdirectory=(?<revisionFolder>${FOLDER})|egg=.+?))?)?$`;
const WITH_PROTOCOL = new RegExp(`^(?:git\\+)?(?<protocol>\\w+)://${AUTHORITY}${PATH}${SUFFIX}`);
const SCP_LIKE = new RegExp(`^${AUTHORITY}${PATH}${SUFFIX}`);

/**
 * The parts of an address such as `https://host/a/b.git@v1#subdirectory=c` or `git@host:a/b.git`. Throws `ParseError`.
 * An address without a host (`file:///a`) is written with the host `None`, as it stands in Poetry's locks.
 */
export function parseGitUrl(text: string): GitUrl {
  const parts = (WITH_PROTOCOL.exec(text) ?? SCP_LIKE.exec(text))?.groups;
  if (parts === undefined || (parts.protocol === undefined && parts.host === undefined)) {
    throw new ParseError(`Invalid git url "${text}"`, text);
  }
  const user = parts.user === undefined ? '' : `${parts.user}@`;
  const port = parts.port === undefined ? '' : `:${parts.port}`;
  const path = (parts.path ?? '').replace(/^[:/]+/, '');
  return {
    url: `${parts.protocol ?? 'ssh'}://${user}${parts.host ?? 'None'}${port}/${path}`,
    revision: parts.revision,
    subdirectory: parts.revisionFolder ?? parts.folder,
  };
}

/** The address with its protocol, as other tools want it: `git@host:a/b.git` becomes `ssh://git@host/a/b.git`. Throws `ParseError`. */
export function withProtocol(url: string): string {
  return url.includes('://') ? url : parseGitUrl(url).url;
}

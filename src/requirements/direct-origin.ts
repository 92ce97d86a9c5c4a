/** Where a requirement that names its distribution itself finds it: what stands behind `@`, or a path. */

import { ParseError } from '../ground/error.ts';
import { pathOfFileUrl } from '../ground/file-url.ts';
import { percentDecoded } from '../ground/percent.ts';
import { parseGitUrl } from './git-url.ts';
import type { Origin } from './requirement.ts';

const ARCHIVE = /\.(?:zip|whl|tar|tgz|tbz|txz|tlz|tar\.(?:gz|bz2|xz|lz|lzma))$/i;
const WHEEL = /^(.+?)(?:-(\d.+?))?(?:-\d.*?)?-.+?-.+?-.+?\.whl$/;

/** Whether a file of this name is an archive that may hold a distribution. */
export function isArchiveName(name: string): boolean {
  return ARCHIVE.test(name);
}

/** The origin at a path: a file where the name is an archive's, else a folder. */
export function originOfPath(
  path: string,
  options: { readonly subdirectory?: string | undefined; readonly develop?: boolean } = {},
): Origin {
  const { subdirectory, develop = false } = options;
  const where = subdirectory ? { path, subdirectory } : { path };
  return isArchiveName(path) ? { kind: 'file', ...where } : { kind: 'directory', develop, ...where };
}

/** The origin that an address or a path behind `@` names (PEP 508, PEP 610). Throws `ParseError`. */
export function originOfUrl(url: string): Origin {
  const { scheme, address, path } = urlParts(url);
  const subdirectory = /[#&]subdirectory=([^&]*)/.exec(url)?.[1];
  if (scheme === 'git' || scheme.startsWith('git+')) {
    if (scheme === 'git') return { kind: 'git', url: parseGitUrl(withoutFragment(url)).url, develop: false };
    const git = parseGitUrl(url);
    return {
      kind: 'git',
      url: git.url,
      ...(git.revision === undefined ? {} : { reference: { kind: 'rev', name: git.revision } }),
      ...(git.subdirectory === undefined ? {} : { subdirectory: git.subdirectory }),
      develop: false,
    };
  }
  if (scheme === 'http' || scheme === 'https') {
    if (address === '') throw invalid(url);
    const plain = withoutFragment(url);
    return subdirectory ? { kind: 'url', url: plain, subdirectory } : { kind: 'url', url: plain };
  }
  if (scheme === 'file') {
    if (!url.startsWith('file://') || (address !== '' && address !== 'localhost')) throw invalid(url);
    return originOfPath(pathOfFileUrl(path), { subdirectory });
  }
  if (path === '') throw invalid(url);
  return originOfPath(url);
}

/** The project and version that a wheel's file name states; undefined for an address that ends in no wheel. Throws `ParseError`. */
export function wheelNamedBy(url: string): { readonly name: string; readonly version: string | undefined } | undefined {
  const file = percentDecoded(urlParts(url).path.replace(/\/+$/, '').split('/').at(-1) ?? '');
  if (!/\.whl$/i.test(file)) return undefined;
  const match = WHEEL.exec(file);
  if (match?.[1] === undefined) throw new ParseError(`Invalid wheel name: ${file}`, url);
  return { name: match[1], version: match[2] };
}

function urlParts(url: string): { readonly scheme: string; readonly address: string; readonly path: string } {
  const match = /^(?:([A-Za-z][A-Za-z0-9+.-]*):)?(?:\/\/([^/?#]*))?([^?#]*)/.exec(url);
  return { scheme: (match?.[1] ?? '').toLowerCase(), address: match?.[2] ?? '', path: match?.[3] ?? '' };
}

function withoutFragment(url: string): string {
  return url.replace(/#.*$/s, '');
}

function invalid(url: string): ParseError {
  return new ParseError(`The requirement is invalid: invalid URL "${url}"`, url);
}

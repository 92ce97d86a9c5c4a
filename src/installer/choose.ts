/**
 * Which file of a release an environment gets, by Poetry's rules: what the policies and the environment's tags allow, files
 * with a locked hash first, then not yanked, then by build number and tag, source distributions last.
 */

import { parseWheelFilename, wheelTags } from '../distributions/filename.ts';
import { TercetError } from '../ground/error.ts';
import type { LockedFile, LockedPackage } from '../lock/lock.ts';
import { type ProjectName, projectName } from '../names/name.ts';
import { bestRank } from '../tags/tags.ts';

/** A file that an index offers. */
export interface OfferedFile {
  readonly file: string;
  readonly url: string;
  /** Hexadecimal digests by algorithm. */
  readonly hashes: Readonly<Record<string, string>>;
  readonly yanked: boolean | string;
  readonly size?: number | undefined;
  /** Hashes of the wheel's METADATA where the index gives them (PEP 658). */
  readonly coreMetadata?: boolean | Readonly<Record<string, string>>;
}

/** `installer.no-binary` and `installer.only-binary`: `:all:`, `:none:`, names. */
export interface BinaryPolicies {
  readonly noBinary: readonly string[];
  readonly onlyBinary: readonly string[];
}

export interface ChoiceInput {
  readonly package: LockedPackage;
  /** The environment's tags with their rank, 0 for the best. */
  readonly ranks: ReadonlyMap<string, number>;
  readonly policies: BinaryPolicies;
}

/** Hash algorithms, the one that is trusted most first. */
export const HASH_ORDER = [
  'sha3_512',
  'sha3_384',
  'sha3_256',
  'sha3_224',
  'sha512',
  'sha384',
  'sha256',
  'sha224',
  'blake2b',
  'blake2s',
  'sha1',
  'md5',
] as const;

/** What a file would be worth; undefined where it may not be used. */
interface Worth {
  readonly build: readonly [number, string] | undefined;
  /** Lower is better. */
  readonly rank: number;
}

/**
 * The files of a release that may be installed, best first. Throws `no-file-for-environment`, which says how many were left out for
 * what reason, and `hash-not-locked` where the lock has hashes and none of the files has one of them.
 */
export function chooseFiles<F extends OfferedFile>(input: ChoiceInput, offered: readonly F[]): readonly F[] {
  const judge = judgeOf(input);
  const usable: { readonly file: F; readonly worth: Worth; readonly locked: boolean }[] = [];
  const left = { wheels: 0, sdists: 0, unsupported: [] as string[] };
  const hashes = new Set(input.package.files.map(({ hash }) => hash));
  for (const file of offered) {
    const worth = worthOf(file.file, judge, left);
    if (worth !== undefined) usable.push({ file, worth, locked: hashes.size === 0 || mayBeLocked(file, hashes) });
  }
  if (usable.length === 0) throw nothingUsable(input.package, offered.length, left);
  const allowed = usable.filter(({ locked }) => locked);
  if (allowed.length === 0) throw noLockedHash(input.package);
  return allowed.sort((a, b) => yankedLast(a.file, b.file) || byWorth(a.worth, b.worth)).map(({ file }) => file);
}

/**
 * The file that would be chosen if the index offered what the lock lists: then the store may have it already, and the index
 * need not be asked. Undefined where the lock lists no usable wheel.
 */
export function chooseLockedFile(input: ChoiceInput): LockedFile | undefined {
  const left = { wheels: 0, sdists: 0, unsupported: [] as string[] };
  const judge = judgeOf(input);
  let best: { readonly locked: LockedFile; readonly worth: Worth } | undefined;
  for (const locked of input.package.files) {
    const worth = worthOf(locked.file, judge, left);
    if (worth !== undefined && (best === undefined || byWorth(worth, best.worth) < 0)) best = { locked, worth };
  }
  return best?.locked;
}

/** The lock's hash for a file of this name that counts: the strongest kind. Undefined where the lock has none for it. */
export function lockedHashes({ files }: LockedPackage, file: string): Readonly<Record<string, string>> | undefined {
  const known = files.filter((one) => one.file === file).map(({ hash }) => hash.split(':', 2) as [string, string]);
  const algorithm = HASH_ORDER.find((name) => known.some(([kind]) => kind === name));
  const found = known.find(([kind]) => kind === algorithm);
  return found === undefined ? undefined : { [found[0]]: found[1] };
}

/** What decides about the files of one package. */
interface Judge {
  readonly ranks: ReadonlyMap<string, number>;
  readonly takesWheels: boolean;
  readonly takesSdists: boolean;
}

function judgeOf({ package: { name }, ranks, policies: { noBinary, onlyBinary } }: ChoiceInput): Judge {
  return {
    ranks,
    takesWheels: !names(noBinary, name) && (allows(noBinary, name) || names(onlyBinary, name)),
    takesSdists: !names(onlyBinary, name) && (allows(onlyBinary, name) || names(noBinary, name)),
  };
}

function worthOf(
  file: string,
  { ranks, takesWheels, takesSdists }: Judge,
  left: { wheels: number; sdists: number; readonly unsupported: string[] },
): Worth | undefined {
  if (file.endsWith('.whl')) {
    if (!takesWheels) {
      left.wheels++;
      return undefined;
    }
    // Most wheels are for other platforms: what else their names say does not matter.
    const rank = bestRank(wheelTags(file) ?? [], ranks);
    const wheel = rank === undefined ? undefined : parseWheelFilename(file);
    if (wheel === undefined || rank === undefined) {
      left.unsupported.push(file);
      return undefined;
    }
    return { build: wheel.build, rank };
  }
  if (/\.(egg|exe|msi|rpm|srpm)$/.test(file)) return undefined;
  if (!takesSdists) {
    left.sdists++;
    return undefined;
  }
  return { build: undefined, rank: ranks.size };
}

function names(policy: readonly string[], name: ProjectName): boolean {
  return policy.some((entry) => !entry.startsWith(':') && projectName(entry) === name);
}

function allows(policy: readonly string[], name: ProjectName): boolean {
  if (policy.includes(':all:')) return false;
  return policy.length === 0 || policy.includes(':none:') || !names(policy, name);
}

function mayBeLocked({ hashes }: OfferedFile, locked: ReadonlySet<string>): boolean {
  const kinds = new Set([...locked].map((hash) => hash.slice(0, hash.indexOf(':'))));
  const algorithm = HASH_ORDER.find((name) => kinds.has(name) && hashes[name] !== undefined);
  // Without a hash to compare, the download decides.
  return algorithm === undefined || locked.has(`${algorithm}:${hashes[algorithm]}`);
}

function yankedLast(a: OfferedFile, b: OfferedFile): number {
  return Number(a.yanked !== false) - Number(b.yanked !== false);
}

function byWorth(a: Worth, b: Worth): number {
  return byBuild(b.build, a.build) || a.rank - b.rank;
}

function byBuild(a: readonly [number, string] | undefined, b: readonly [number, string] | undefined): number {
  if (a === undefined || b === undefined) return Number(a !== undefined) - Number(b !== undefined);
  return a[0] - b[0] || (a[1] < b[1] ? -1 : a[1] > b[1] ? 1 : 0);
}

function nothingUsable(
  { name, version }: LockedPackage,
  offered: number,
  left: { readonly wheels: number; readonly sdists: number; readonly unsupported: readonly string[] },
): TercetError {
  const reasons = [`${offered} candidate(s) were identified for the package`];
  if (left.wheels > 0) reasons.push(`${left.wheels} wheel(s) were skipped due to your installer.no-binary policy`);
  if (left.sdists > 0)
    reasons.push(`${left.sdists} source distribution(s) were skipped due to your installer.only-binary policy`);
  if (left.unsupported.length > 0) {
    reasons.push(
      `${left.unsupported.length} wheel(s) were skipped as your project's environment does not support the identified abi tags`,
    );
  }
  return new TercetError(
    'no-file-for-environment',
    `Unable to find installation candidates for ${name} (${version.text})\n\n${reasons.map((reason) => `  - ${reason}`).join('\n')}`,
    {
      hints: [
        'Look at the tags of the environment with `poetry debug tags`.',
        'Look for newer files with `poetry lock --regenerate`.',
      ],
      detail: { project: name, version: version.text, unsupported: left.unsupported },
    },
  );
}

function noLockedHash({ name, version }: LockedPackage): TercetError {
  return new TercetError(
    'hash-not-locked',
    `Downloaded distributions for ${name} (${version.text}) did not match any known checksums in your lock file.`,
    {
      hints: [
        'The index has other files than when the project was locked. If that is meant to be so, run `poetry lock --regenerate`.',
      ],
      detail: { project: name, version: version.text },
    },
  );
}

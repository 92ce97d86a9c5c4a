/** What is installed in an environment: read from the names of its `.dist-info` and `.egg-info` folders (PEP 376, 610, 627). */

import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { textIfThere } from '../files/text-if-there.ts';
import { compareCodePoints } from '../ground/code-points.ts';
import { fileUrl } from '../ground/file-url.ts';
import { type ProjectName, projectName } from '../names/name.ts';
import { type Environment, isVirtual, seesSystemPackages } from './environment.ts';

/** `direct_url.json` (PEP 610): where a distribution came from when not from an index. */
export interface DirectUrl {
  readonly url: string;
  readonly subdirectory?: string;
  readonly dir_info?: { readonly editable?: boolean };
  readonly vcs_info?: { readonly vcs: string; readonly commit_id: string; readonly requested_revision?: string };
  readonly archive_info?: { readonly hash?: string; readonly hashes?: Readonly<Record<string, string>> };
}

export interface InstalledDistribution {
  readonly name: ProjectName;
  /** The name as its folder or its metadata spells it. */
  readonly prettyName: string;
  /** As written in the folder's name, `1.0+cu118` included. */
  readonly version: string;
  /** The `.dist-info` folder, or the `.egg-info` folder or file. */
  readonly path: string;
  readonly directUrl?: DirectUrl;
  /** Installed so that changes of its sources show at once. */
  readonly editable: boolean;
  /** Read only when asked for. */
  readonly installer?: string;
  /** It belongs to the base interpreter and is only seen from here. */
  readonly inherited: boolean;
}

/** What to read beside the names. */
export interface InstalledOptions {
  /** The `INSTALLER` file of each. Default: false. */
  readonly installer?: boolean;
}

/**
 * The distributions in the environment's folders, first found first counted, sorted by name. With system packages
 * visible, those of the base interpreter too, marked as inherited. Starts no Python for a virtual environment that is known.
 */
export function readInstalled(
  environment: Environment,
  options: InstalledOptions = {},
): readonly InstalledDistribution[] {
  const found = new Map<ProjectName, InstalledDistribution>();
  for (const { folder, inherited } of packageFolders(environment)) {
    for (const one of readPackageFolder(folder, { ...options, inherited })) {
      if (!found.has(one.name)) found.set(one.name, one);
    }
  }
  return [...found.values()].sort((a, b) => compareCodePoints(a.name, b.name));
}

/** The folders that hold an environment's packages, its own first. */
function packageFolders(environment: Environment): readonly { readonly folder: string; readonly inherited: boolean }[] {
  const facts = environment.factsNow();
  const own = [...new Set([facts.paths.purelib, facts.paths.platlib])];
  const folders = own.map((folder) => ({ folder, inherited: false }));
  if (!isVirtual(environment)) {
    const others = [...facts.sitePackages, ...(facts.userSite === undefined ? [] : [facts.userSite])];
    for (const folder of others) if (!own.includes(folder)) folders.push({ folder, inherited: false });
  } else if (seesSystemPackages(environment)) {
    const [major, minor] = facts.versionInfo;
    const base = [
      join(facts.basePrefix, `lib/python${major}.${minor}/site-packages`),
      join(facts.basePrefix, `lib/python${major}/dist-packages`),
      join(facts.basePrefix, 'Lib/site-packages'),
    ];
    for (const folder of base) folders.push({ folder, inherited: true });
  }
  return folders;
}

/** The distributions in one folder, in the order of their folders' names. */
export function* readPackageFolder(
  folder: string,
  options: InstalledOptions & { readonly inherited?: boolean } = {},
): Generator<InstalledDistribution> {
  const { inherited = false } = options;
  let names: string[];
  try {
    names = readdirSync(folder).sort();
  } catch {
    return;
  }
  for (const entry of names) {
    const path = join(folder, entry);
    if (entry.endsWith('.dist-info')) {
      const found = fromDistInfo(path, entry);
      if (found === undefined) continue;
      const directUrl = readDirectUrl(path);
      yield {
        ...found,
        path,
        inherited,
        editable: directUrl?.dir_info?.editable === true,
        ...(directUrl === undefined ? {} : { directUrl }),
        ...(options.installer === true ? installerOf(join(path, 'INSTALLER')) : {}),
      };
    } else if (entry.endsWith('.egg-info')) {
      const found = fromEggInfo(path, entry);
      if (found !== undefined) yield { ...found, path, inherited, editable: false };
    } else if (entry.endsWith('.egg-link')) {
      const linked = fromEggLink(path);
      if (linked !== undefined) yield { ...linked, inherited, editable: true };
    }
  }
}

interface NameAndVersion {
  readonly name: ProjectName;
  readonly prettyName: string;
  readonly version: string;
}

function named(prettyName: string, version: string): NameAndVersion {
  return { name: projectName(prettyName), prettyName, version };
}

/** `Name-Version.dist-info`; from METADATA where the folder's name does not say. */
function fromDistInfo(path: string, entry: string): NameAndVersion | undefined {
  const stem = entry.slice(0, -'.dist-info'.length);
  const at = stem.lastIndexOf('-');
  // pip marks what it is removing by a tilde in place of the first letter.
  if (stem.startsWith('~')) return undefined;
  if (at > 0) return named(stem.slice(0, at), stem.slice(at + 1));
  return fromMetadata(join(path, 'METADATA'));
}

/** `Name-Version[-pyX.Y].egg-info`, a folder or a file; `Name.egg-info` says the version inside. */
function fromEggInfo(path: string, entry: string): NameAndVersion | undefined {
  const [name, version] = entry.slice(0, -'.egg-info'.length).split('-');
  if (name !== undefined && name !== '' && version !== undefined) return named(name, version);
  const isFolder = statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
  return fromMetadata(isFolder ? join(path, 'PKG-INFO') : path);
}

/** `pip install -e` of old: a file with the source's folder, which holds the `.egg-info`. */
function fromEggLink(
  path: string,
): (NameAndVersion & { readonly path: string; readonly directUrl: DirectUrl }) | undefined {
  const folder = textIfThere(path)?.split(/\r?\n/)[0]?.trim();
  if (!folder) return undefined;
  let entries: string[];
  try {
    entries = readdirSync(folder);
  } catch {
    return undefined;
  }
  const entry = entries.find((name) => name.endsWith('.egg-info'));
  const found = entry === undefined ? undefined : fromMetadata(join(folder, entry, 'PKG-INFO'));
  if (entry === undefined || found === undefined) return undefined;
  const directUrl = { url: fileUrl(folder), dir_info: { editable: true } };
  return { ...found, path: join(folder, entry), directUrl };
}

function fromMetadata(file: string): NameAndVersion | undefined {
  const head = textIfThere(file)?.split(/\r?\n\r?\n/)[0] ?? '';
  const name = /^Name:[ \t]*(\S+)/im.exec(head)?.[1];
  const version = /^Version:[ \t]*(\S+)/im.exec(head)?.[1];
  return name === undefined || version === undefined ? undefined : named(name, version);
}

function readDirectUrl(distInfo: string): DirectUrl | undefined {
  const file = join(distInfo, 'direct_url.json');
  if (!existsSync(file)) return undefined;
  try {
    const value: unknown = JSON.parse(readFileSync(file, 'utf8'));
    return typeof value === 'object' && value !== null && 'url' in value && typeof value.url === 'string'
      ? (value as DirectUrl)
      : undefined;
  } catch {
    return undefined;
  }
}

function installerOf(file: string): { readonly installer?: string } {
  const text = textIfThere(file)?.trim();
  return text ? { installer: text } : {};
}

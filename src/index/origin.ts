/** Distributions that are named by an address of their own: a URL, a file, a folder, a git repository. */

import { readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { namesIn } from '../files/names-in.ts';
import { TercetError } from '../ground/error.ts';
import type { Emit } from '../ground/events.ts';
import { fileNameOf } from '../ground/file-name.ts';
import { withoutCredentials } from '../ground/redact.ts';
import { downloadFile } from '../http/download.ts';
import type { Transport } from '../http/transport.ts';
import { type LockedFile, type LockedSource, withSubdirectory } from '../lock/lock.ts';
import { MAIN_GROUP, type ProjectName, projectName } from '../names/name.ts';
import type { Origin, Requirement } from '../requirements/requirement.ts';
import type { ReleaseMetadata, Unavailable } from '../resolver/question.ts';
import { parseVersion } from '../versions/version.ts';
import type { BuildMetadata } from './build-metadata.ts';
import { fromSdist, localWheelMetadata, type NoMetadata } from './file-metadata.ts';
import { type GitLogin, readGitOrigin } from './git-origin.ts';
import { isWheel } from './index-file.ts';
import { pathFault } from './path-fault.ts';
import type { RawMetadata } from './raw-metadata.ts';
import { type ProjectFiles, staticManifest, staticMetadata } from './sdist-metadata.ts';

export interface OriginOptions {
  /** What is to be read there. */
  readonly project: ProjectName;
  readonly transport: Transport;
  readonly emit: Emit;
  readonly projectDir: string;
  /** Credentials for git repositories. Default: none but those that git knows. */
  readonly gitLogin?: GitLogin | undefined;
  /** Default: nothing is built. */
  readonly build?: BuildMetadata | undefined;
  readonly understand: (lines: readonly string[], release: string, emit: Emit) => readonly Requirement[];
}

/** Reads a direct origin. `no-metadata` where only a build could tell what it requires. */
export async function readOrigin(origin: Origin, options: OriginOptions): Promise<ReleaseMetadata | Unavailable> {
  switch (origin.kind) {
    case 'index':
      return { kind: 'not-found' };
    case 'url':
      return readUrl(origin.url, origin.subdirectory, options);
    case 'file': {
      const path = resolve(options.projectDir, origin.path);
      const fault = pathFault('file', path, options.project);
      if (fault !== undefined) return { kind: 'no-metadata', detail: fault };
      const source = withSubdirectory({ type: 'file', url: origin.path }, origin.subdirectory);
      return readArchive(path, basename(path), source, options);
    }
    case 'directory': {
      const inner = origin.subdirectory === undefined ? origin.path : join(origin.path, origin.subdirectory);
      const path = resolve(options.projectDir, inner);
      const fault = pathFault('directory', path, options.project);
      if (fault !== undefined) return { kind: 'no-metadata', detail: fault };
      return readFolder(path, { type: 'directory', url: inner }, origin.develop, options);
    }
    case 'git':
      return readGitOrigin(origin, options, (folder, source) => readFolder(folder, source, origin.develop, options));
  }
}

async function readUrl(
  url: string,
  subdirectory: string | undefined,
  options: OriginOptions,
): Promise<ReleaseMetadata | Unavailable> {
  if (options.transport.offline) return { kind: 'offline' };
  const file = fileNameOf(url);
  const { path } = await downloadFile(options.transport, url, { directory: tmpdir(), file });
  try {
    const source = withSubdirectory({ type: 'url', url }, subdirectory);
    return await readArchive(path, file, source, options);
  } finally {
    rmSync(path, { force: true });
  }
}

async function readArchive(
  path: string,
  file: string,
  source: LockedSource,
  options: OriginOptions,
): Promise<ReleaseMetadata | Unavailable> {
  const bytes = readFileSync(path);
  const raw = isWheel(file)
    ? await localWheelMetadata(path, projectName(file.split('-', 1)[0] ?? ''))
    : await fromSdist({ path, file, project: undefined }, 'folder', options.build);
  if (raw === undefined) return { kind: 'no-metadata', detail: `${file} has no METADATA that could be read` };
  if ('kind' in raw) return raw;
  const hash = `sha256:${new Bun.CryptoHasher('sha256').update(bytes).digest('hex')}`;
  return described(raw, [{ file, hash }], source, options);
}

async function readFolder(
  folder: string,
  source: LockedSource,
  develop: boolean,
  options: OriginOptions,
): Promise<ReleaseMetadata | Unavailable> {
  const files = folderFiles(folder);
  if (files === undefined) return { kind: 'no-metadata', detail: `Path ${source.url} does not exist or is no folder` };
  const manifest = staticManifest(files.get('pyproject.toml'));
  if (manifest?.prettyName !== undefined && manifest.version !== undefined) {
    return {
      // Poetry knows such projects by their normalised name.
      prettyName: manifest.name ?? manifest.prettyName,
      version: parseVersion(manifest.version),
      summary: manifest.description,
      requiresPython: manifest.pythonVersions,
      requirements: manifest.groups.find(({ name }) => name === MAIN_GROUP)?.requirements ?? [],
      files: [],
      yanked: false,
      lockedSource: source,
      develop,
    };
  }
  const stated = staticMetadata(files, 'folder');
  const raw = stated?.requiresDist === undefined ? await builtFolder(folder, source, options) : stated;
  return 'kind' in raw ? raw : { ...described(raw, [], source, options), develop };
}

async function builtFolder(
  folder: string,
  source: LockedSource,
  options: OriginOptions,
): Promise<RawMetadata | NoMetadata> {
  const { url, resolvedReference, subdirectory = '' } = source;
  const identity = resolvedReference === undefined ? undefined : JSON.stringify([url, resolvedReference, subdirectory]);
  const built = await options.build?.({ kind: 'folder', path: folder, name: withoutCredentials(url), identity });
  const detail = `${url} does not say what it requires: it leaves that to a build, and nothing is built here`;
  return built ?? { kind: 'no-metadata', detail };
}

function described(
  raw: RawMetadata,
  files: readonly LockedFile[],
  lockedSource: LockedSource,
  options: OriginOptions,
): ReleaseMetadata {
  return {
    prettyName: raw.name,
    version: parseVersion(raw.version),
    summary: raw.summary,
    requiresPython: raw.requiresPython || '*',
    requirements: options.understand(raw.requiresDist ?? [], `${raw.name}-${raw.version}`, options.emit),
    files,
    yanked: false,
    lockedSource,
  };
}

function folderFiles(folder: string): ProjectFiles | undefined {
  try {
    if (!statSync(folder).isDirectory()) return undefined;
  } catch {
    return undefined;
  }
  const files = new Map<string, string>();
  const add = (path: string) => {
    try {
      files.set(path, readFileSync(join(folder, path), 'utf8'));
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code !== 'ENOENT' && code !== 'EISDIR' && code !== 'ENOTDIR')
        throw new TercetError('file-unreadable', `${join(folder, path)} cannot be read`, { cause: error });
    }
  };
  for (const name of ['PKG-INFO', 'pyproject.toml']) add(name);
  for (const parent of ['', 'src/', 'lib/']) {
    for (const name of namesIn(join(folder, parent))) {
      if (!name.endsWith('.egg-info')) continue;
      add(`${parent}${name}/PKG-INFO`);
      add(`${parent}${name}/requires.txt`);
    }
  }
  return files;
}

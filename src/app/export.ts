/** `export`: the lock in a format that other tools read. */

import { existsSync } from 'node:fs';
import { dirname, isAbsolute, relative, resolve } from 'node:path';
import { type ExportedPackage, type ExportSelection, exportedPackages } from '../formats/exported-packages.ts';
import type { ExportIndex } from '../formats/write-requirements-txt.ts';
import { TercetError } from '../ground/error.ts';
import { percentEncoded } from '../ground/percent.ts';
import type { IndexFile } from '../index/index-file.ts';
import { isPypi, PYPI_SIMPLE } from '../index/pypi.ts';
import type { Lock, LockedPackage } from '../lock/lock.ts';
import type { Source } from '../manifest/manifest.ts';
import { SOURCE_PRIORITIES } from '../manifest/manifest.ts';
import type { Context } from './context.ts';

export type ExportFormat = 'constraints.txt' | 'requirements.txt' | 'pylock.toml';

export interface ExportOptions extends ExportSelection {
  readonly format: ExportFormat;
  readonly hashes: boolean;
  /** Name the indexes beside PyPI. */
  readonly urls: boolean;
  /** Name them with user and password. */
  readonly credentials: boolean;
  /** The folder that paths in `pylock.toml` start from. */
  readonly folder: string;
}

/** The text of the export. Throws `export-impossible`, and for `pylock.toml` whatever makes the index fail. */
export async function exportLock(context: Context, lock: Lock, options: ExportOptions): Promise<string> {
  if (options.format === 'pylock.toml') return pylockText(context, lock, options);
  const { manifest, directory } = await context.project();
  const { formatRequirementsTxt } = await import('../formats/write-requirements-txt.ts');
  const { text, left } = formatRequirementsTxt(await neededPackages(context, lock, options), {
    format: options.format,
    hashes: options.hashes,
    python: manifest.python,
    directory,
    indexes: options.urls ? await indexesOf(context, manifest.sources, options.credentials) : [],
  });
  for (const { prettyName } of left) {
    context.emit({
      kind: 'warning',
      text: `Warning: ${prettyName} is locked in develop (editable) mode, which is incompatible with the constraints.txt format.`,
    });
  }
  return text;
}

/**
 * A lock from before 2.1 does not say which groups need its packages: that is found out as Poetry's plug-in does, and where that fails by
 * resolving within the lock.
 */
async function neededPackages(
  context: Context,
  lock: Lock,
  selection: ExportSelection,
): Promise<readonly ExportedPackage[]> {
  const { knowsGroups } = await import('../lock/poetry-lock.ts');
  if (knowsGroups(lock)) return exportedPackages(lock, selection);
  const [{ walkLocked }, { rootOf }, { rootGroups }, { problemOf }, { manifest }] = await Promise.all([
    import('../resolver/universal/walk-locked.ts'),
    import('../resolver/universal/root.ts'),
    import('../resolver/universal/root-groups.ts'),
    import('./problem.ts'),
    context.project(),
  ]);
  const root = rootOf(problemOf(manifest, undefined).root, rootGroups(manifest.groups, manifest.toml));
  const reached = walkLocked(lock, root, selection);
  if (reached !== undefined) return reached.map((one) => ({ ...one, settled: true }));
  const { resolveWithin } = await import('./resolve-within.ts');
  return exportedPackages(await resolveWithin(lock, manifest), selection);
}

async function pylockText(context: Context, lock: Lock, options: ExportOptions): Promise<string> {
  const [{ knowsGroups }, { formatPylock }, { manifest, directory }] = await Promise.all([
    import('../lock/poetry-lock.ts'),
    import('../formats/write-pylock.ts'),
    context.project(),
  ]);
  if (!knowsGroups(lock)) {
    throw impossible('Cannot export pylock.toml because the lock file is not at least version 2.1', [
      'Run `poetry lock` to write the lock file anew.',
    ]);
  }
  const packages = exportedPackages(lock, options);
  const published = await publishedFiles(
    context,
    packages.map(({ locked }) => locked),
  );
  return formatPylock(packages, {
    pythonVersions: manifest.pythonVersions,
    python: manifest.python,
    groups: options.groups,
    extras: options.extras,
    pypi: PYPI_SIMPLE.replace(/\/$/, ''),
    pathOf: (path) => shownPath(resolve(directory, path), options.folder),
    published(locked, { file }) {
      const found = published.get(locked)?.find((one) => one.file === file);
      if (found) return found;
      const where = locked.source?.reference ?? 'PyPI';
      throw impossible(`${where} does not have ${file}, which the lock file names for ${locked.prettyName}`, [
        'Run `poetry lock` to lock files that are there.',
      ]);
    },
  });
}

/** All files of the packages that come from an index, as it lists them. */
async function publishedFiles(
  context: Context,
  packages: readonly LockedPackage[],
): Promise<ReadonlyMap<LockedPackage, readonly IndexFile[]>> {
  const { manifest } = await context.project();
  const { client } = await context.index(manifest.sources);
  const indexed = packages.filter(({ source }) => source === undefined || source.type === 'legacy');
  return new Map(
    await Promise.all(
      indexed.map(async (one) => {
        const files = await client.files(one.name, one.version, one.source?.reference ?? 'PyPI');
        return [one, files] as const;
      }),
    ),
  );
}

/** Relative where it lies below the folder, else as it is; always with `/`. */
function shownPath(path: string, folder: string): string {
  const below = relative(folder, path);
  const isBelow = below !== '..' && !/^\.\.[/\\]/.test(below) && !isAbsolute(below);
  return (isBelow ? below || '.' : path).replaceAll('\\', '/');
}

/** The sources beside PyPI in the order in which they are searched, explicit ones last. */
async function indexesOf(
  context: Context,
  sources: readonly Source[],
  credentials: boolean,
): Promise<readonly ExportIndex[]> {
  const ordered = SOURCE_PRIORITIES.flatMap((priority) => sources.filter((one) => one.priority === priority));
  const withPypi = ordered.some(({ name }) => isPypi(name)) || !ordered.some(({ priority }) => priority === 'primary');
  const first = ordered.find(({ priority }) => priority !== 'explicit');
  const shown: ExportIndex[] = [];
  for (const source of ordered) {
    if (source.url === undefined) continue;
    const url = source.url.replace(/\/+$/, '');
    const shownUrl = credentials ? await withLogin(context, sources, url) : url;
    shown.push({ url, shownUrl, isDefault: !withPypi && source === first });
  }
  return shown;
}

/** The address with the user and password that are configured for it. */
async function withLogin(context: Context, sources: readonly Source[], url: string): Promise<string> {
  const address = URL.parse(url);
  if (address === null) return url;
  const { login } = await context.index(sources);
  const found = await login(address);
  if (found === undefined) return url;
  const user = `${percentEncoded(found.username)}:${percentEncoded(found.password)}`;
  return `${address.protocol}//${user}@${address.host}${url.replace(/^[^:]*:\/\/[^/]*/, '').replace(/[?#].*$/s, '')}`;
}

/** Writes the export as a whole or not at all. Throws `not-writable`. */
export async function writeExport(path: string, text: string): Promise<void> {
  if (!existsSync(dirname(path))) {
    throw new TercetError('not-writable', `${path} cannot be written: there is no folder ${dirname(path)}`);
  }
  const { writeProjectFile } = await import('./project-file.ts');
  await writeProjectFile(path, text);
}

function impossible(message: string, hints: readonly string[]): TercetError {
  return new TercetError('export-impossible', message, { hints });
}

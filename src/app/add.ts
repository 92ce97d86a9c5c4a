/** `add`: wishes → requirements → a new manifest text → lock → environment; the files are written last. */

import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { isAbsolute, join, relative, resolve } from 'node:path';
import { TercetError } from '../ground/error.ts';
import type { IndexClient } from '../index/client.ts';
import {
  type Addition,
  type AdditionTarget,
  addRequirements,
  isLegacyMain,
  presentRequirements,
} from '../manifest/edit.ts';
import { groupName, MAIN_GROUP, projectName } from '../names/name.ts';
import { bestVersion, caret } from './best-version.ts';
import { applyChange } from './change.ts';
import type { Context, Project } from './context.ts';
import type { Listed } from './listed-in-files.ts';
import { parseWish, type Wish, type WishTable } from './parse-wish.ts';

export interface AddOptions {
  /** As written; see `parse-wish.ts`. */
  readonly wishes: readonly string[];
  /** Requirements files, as given. */
  readonly files: readonly string[];
  readonly group: string;
  readonly editable: boolean;
  /** Extras of the one package. */
  readonly extras: readonly string[];
  /** The project's extra that it becomes part of. */
  readonly optionalExtra: string | undefined;
  /** Poetry 1's `--optional`. */
  readonly optional: boolean;
  readonly python: string | undefined;
  readonly platform: string | undefined;
  readonly markers: string | undefined;
  readonly source: string | undefined;
  readonly allowPrereleases: boolean;
  readonly dryRun: boolean;
  readonly lockOnly: boolean;
}

/**
 * Adds requirements to the manifest, locks, and installs what that changes. Answers with the exit code; 1: a wish cannot be added, and nothing was
 * changed. Throws `usage`, what reading wishes and files throws, and what locking and installing throw.
 */
export async function addPackages(context: Context, options: AddOptions): Promise<number> {
  const project = await context.project();
  const group = groupName(options.group);
  if (options.optionalExtra && group !== MAIN_GROUP) {
    throw new TercetError('usage', 'You can only add optional dependencies to the main group');
  }
  const listed = options.files.length === 0 ? undefined : await listedIn(context, project, options);
  const wanted = [
    ...withoutPresent(context, project, { ...options, wishes: [...options.wishes, ...(listed?.names ?? [])] }),
    ...(listed?.wishes ?? []),
  ];
  if (wanted.length === 0) {
    context.emit({ kind: 'line', text: 'Nothing to add.' });
    return 0;
  }
  if (options.optionalExtra && isLegacyMain(project.text)) {
    const text =
      'Optional dependencies will not be added to extras in legacy mode. Consider converting your project to use the [project] section.';
    context.emit({ kind: 'warning', text });
  }

  const wishes = await settle(context, project, wanted, options);
  const additions: Addition[] = [];
  for (const wish of wishes) {
    const refusal = refused(wish, project, options);
    if (refusal !== undefined) {
      context.emit({ kind: 'notice', text: `${refusal}\n\nNo changes were applied.` });
      return 1;
    }
    additions.push({ name: wish.name, wish: tableOf(wish, options) });
  }
  const manifestText = addRequirements(project.text, additions, { ...targetOf(options), base: project.directory });
  context.emit({ kind: 'line', text: '' });
  return applyChange(context, {
    manifestText,
    update: new Set(wishes.map((one) => projectName(one.name))),
    ...(listed === undefined ? {} : { preferred: listed.preferred }),
    dryRun: options.dryRun,
    lockOnly: options.lockOnly,
  });
}

/** Loaded for `-r` alone. */
async function listedIn(context: Context, project: Project, options: AddOptions): Promise<Listed> {
  const { listedInFiles } = await import('./listed-in-files.ts');
  return listedInFiles(context, project, options);
}

// --- what is there already -------------------------------------------------------------------------------------------

function targetOf({ group, optionalExtra }: AddOptions): AdditionTarget {
  return { group, ...(optionalExtra ? { extra: optionalExtra } : {}) };
}

/** The wishes without bare names that the target section holds already; those are listed with advice. */
function withoutPresent(context: Context, { text, manifestPath }: Project, options: AddOptions): readonly string[] {
  const { wishes } = options;
  const skipped = presentRequirements(text, wishes, targetOf(options));
  if (skipped.length === 0) return wishes;
  const lines = [
    `The following packages are already present in the pyproject.toml (${manifestPath}) and will be skipped:`,
    '',
    ...skipped.map((name) => `  - ${name}`),
    '',
    'If you want to update it to the latest compatible version, you can use `poetry update package`.',
    'If you prefer to upgrade it to the latest available version, you can use `poetry add package@latest`.',
    '',
  ];
  context.emit({ kind: 'line', text: lines.join('\n') });
  return wishes.filter((one) => !skipped.includes(one));
}

// --- from wishes to tables -------------------------------------------------------------------------------------------

/** A wish that can be written down. */
export interface Settled {
  readonly name: string;
  readonly table: WishTable;
}

/** Every wish with a name, and with a constraint that has a candidate. */
export async function settle(
  context: Context,
  project: Project,
  wanted: readonly (string | Wish)[],
  options: Pick<AddOptions, 'allowPrereleases' | 'source'>,
): Promise<Settled[]> {
  const exists = (path: string): boolean => placeOf(context, project, path) !== undefined;
  const wishes = wanted.map((one) => (typeof one === 'string' ? parseWish(one, exists) : one));
  const settled: Settled[] = [];
  const { client: index } = await context.index(project.manifest.sources);
  for (const wish of wishes) settled.push(await settleOne(context, project, index, wish, options));
  return settled;
}

async function settleOne(
  context: Context,
  project: Project,
  index: IndexClient,
  wish: Wish,
  options: Pick<AddOptions, 'allowPrereleases' | 'source'>,
): Promise<Settled> {
  const { table } = wish;
  if (table.git ?? table.url ?? table.path) {
    const written = table.path === undefined ? table : { ...table, path: writtenPath(context, project, table.path) };
    if (wish.name !== undefined) return { name: wish.name, table: written };
    const { nameOfDistribution } = await import('./name-of-distribution.ts');
    return { name: await nameOfDistribution(index, written), table: written };
  }
  const written = wish.name ?? '';
  const name = projectName(written);
  const version = await bestVersion(index, written, {
    constraint: table.version,
    allowPrereleases: options.allowPrereleases || undefined,
    source: options.source,
    ...(table.version === undefined ? { python: project.manifest.python } : {}),
  });
  if (table.version !== undefined) return { name, table };
  const constraint = caret(version);
  context.emit({ kind: 'line', text: `Using version ${constraint} for ${name}` });
  return { name, table: { ...table, version: constraint } };
}

function refused(wish: Settled, { manifest }: Project, { editable }: AddOptions): string | undefined {
  if (editable && wish.table.git === undefined && wish.table.path === undefined) {
    return `\nFailed to add packages. Only vcs/path dependencies support editable installs. ${wish.name} is neither.`;
  }
  if (projectName(wish.name) === manifest.name) {
    return `Cannot add dependency on ${wish.name} to project with the same name.`;
  }
  return undefined;
}

/** The table that is written, in Poetry's order of keys. */
function tableOf({ table }: Settled, options: AddOptions): WishTable & Readonly<Record<string, unknown>> {
  return {
    ...table,
    ...(options.optionalExtra !== undefined || options.optional ? { optional: true } : {}),
    ...(options.allowPrereleases ? { 'allow-prereleases': true } : {}),
    ...(options.extras.length > 0 ? { extras: options.extras } : {}),
    ...(options.editable ? { develop: true } : {}),
    ...(options.python ? { python: options.python } : {}),
    ...(options.platform ? { platform: options.platform } : {}),
    ...(options.markers ? { markers: options.markers } : {}),
    ...(options.source ? { source: options.source } : {}),
  };
}

/** A path as it is written: absolute ones stay, `~` is expanded, others are relative to the project. */
function writtenPath(context: Context, project: Project, path: string): string {
  const expanded = expandHome(path);
  if (isAbsolute(expanded)) return expanded;
  return relative(project.directory, placeOf(context, project, path) ?? expanded) || '.';
}

/** What a path means: relative to the project as in Poetry, else to the working directory. Undefined where nothing is there. */
function placeOf(context: Context, project: Project, path: string): string | undefined {
  const expanded = expandHome(path);
  return [resolve(project.directory, expanded), resolve(context.cwd, expanded)].find((one) => existsSync(one));
}

function expandHome(path: string): string {
  return path === '~' || path.startsWith('~/') ? join(homedir(), path.slice(1)) : path;
}

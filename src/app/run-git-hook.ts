/**
 * `hooks run`: what a git hook does. On commit, the export of the *staged* lock is put into the commit, and into the work tree where that
 * holds nothing else; a staged lock that does not belong to the staged `pyproject.toml` is refused. On push, an export that does not belong to
 * the lock of HEAD is refused: a commit that a hook made then would not be pushed. Neither makes commits, so nothing calls itself.
 */

import { realpathSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import { atomicWrite } from '../files/atomic-write.ts';
import { sha256 } from '../files/sha256.ts';
import { textIfThere } from '../files/text-if-there.ts';
import { TercetError } from '../ground/error.ts';
import { isFresh } from '../lock/freshness.ts';
import { readLock } from '../lock/poetry-lock.ts';
import { readManifest } from '../manifest/read.ts';
import { type RunResult, run } from '../process/spawn.ts';
import type { Context } from './context.ts';
import { type ExportFormat, exportLock } from './export.ts';
import type { HookMoment } from './git-hooks.ts';
import { selectExtras, selectGroups } from './selection.ts';

export interface GitHookOptions {
  readonly moment: HookMoment;
  /** The exported file, relative to the project; its name tells the format. Undefined: only the lock is checked. */
  readonly file: string | undefined;
  readonly hashes: boolean;
  readonly with: readonly string[];
  readonly extras: readonly string[];
}

/** Does it. Throws `lock-stale`, `export-stale`, and what exporting throws. */
export async function runGitHook(context: Context, options: GitHookOptions): Promise<void> {
  const { moment, file } = options;
  const project = await context.project();
  const git = (words: readonly string[], input?: string): Promise<RunResult> =>
    run('git', words, { cwd: context.cwd, env: context.env, ...(input === undefined ? {} : { input }) });
  const top = await git(['rev-parse', '--show-toplevel']);
  if (top.code !== 0) throw new TercetError('no-repository', `${context.cwd} is in no git repository`);
  /** As git knows it: from the top of the repository, with slashes. */
  const named = (path: string): string =>
    relative(top.stdout.trim(), join(realpathSync(project.directory), path)).replaceAll('\\', '/');
  /** As it stands in the index, or in HEAD; undefined where it is not there. */
  const recorded = async (path: string): Promise<string | undefined> => {
    const { code, stdout } = await git(['show', `${moment === 'commit' ? '' : 'HEAD'}:${named(path)}`]);
    return code === 0 ? stdout : undefined;
  };

  const [manifestText, lockText] = await Promise.all([recorded('pyproject.toml'), recorded('poetry.lock')]);
  if (manifestText === undefined || lockText === undefined) return;
  const manifest = readManifest(manifestText);
  const lock = readLock(lockText);
  if (!isFresh(lock, manifest.toml, sha256)) {
    const where = moment === 'commit' ? 'that is to be committed' : 'of the last commit';
    throw new TercetError('lock-stale', `The poetry.lock ${where} does not belong to its pyproject.toml`, {
      hints: ['run `tercet lock`, then `git add pyproject.toml poetry.lock`'],
    });
  }
  if (file === undefined) return;

  const { groups, warnings } = selectGroups(manifest, { with: options.with, without: [], only: [], defaults: 'main' });
  for (const text of warnings) context.emit({ kind: 'warning', text });
  const then: Context = { ...context, project: async () => ({ ...project, text: manifestText, manifest }) };
  const text = await exportLock(then, lock, {
    format: formatOf(file),
    groups,
    extras: selectExtras(manifest, options.extras, false),
    hashes: options.hashes,
    urls: true,
    credentials: false,
    folder: project.directory,
  });
  const old = await recorded(file);
  if (old === text) return;
  if (moment === 'push') {
    throw new TercetError('export-stale', `${file} of the last commit does not belong to its poetry.lock`, {
      hints: [`run \`tercet hooks run commit\` after \`git add\`, or export it by hand, and commit ${file}`],
    });
  }
  if (isPartial(context.env.GIT_INDEX_FILE)) {
    throw new TercetError('export-stale', `${file} has to change with poetry.lock, but only some files are committed`, {
      hints: [`run \`git add poetry.lock ${file}\` and commit without naming files`],
    });
  }
  await stage(git, named(file), text);
  const path = join(project.directory, file);
  if (textIfThere(path) === old) atomicWrite(path, text);
  else if (textIfThere(path) !== text) {
    const say = `Warning: ${file} has changes of its own, which stay. The commit has the export of the staged lock.`;
    context.emit({ kind: 'warning', text: say });
  }
  context.emit({ kind: 'notice', text: `${file} follows poetry.lock` });
}

async function stage(
  git: (words: readonly string[], input?: string) => Promise<RunResult>,
  file: string,
  text: string,
) {
  const written = await git(['hash-object', '-w', '--stdin'], text);
  const id = written.stdout.trim();
  const entry = `100644,${id},${file}`;
  const added = await git(['update-index', '--add', '--cacheinfo', entry]);
  if (written.code === 0 && added.code === 0) return;
  throw new TercetError('git-failed', `${file} could not be staged: ${(written.stderr + added.stderr).trim()}`);
}

/** `git commit FILE` makes an index for that commit alone: what is added to it would be missing in the real one. */
function isPartial(index: string | undefined): boolean {
  return index !== undefined && basename(index).startsWith('next-index-');
}

function formatOf(file: string): ExportFormat {
  const name = basename(file);
  if (/^pylock\.(?:[^.]+\.)?toml$/.test(name)) return 'pylock.toml';
  return name.includes('constraints') ? 'constraints.txt' : 'requirements.txt';
}

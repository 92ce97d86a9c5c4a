/**
 * `hooks install`, `hooks remove`: a block in the project's git hooks that calls `hooks run`. Hooks of others stay as they are: in a shell
 * script the block comes first, and what is no shell script is called behind it.
 */

import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { atomicWrite } from '../files/atomic-write.ts';
import { removeFile } from '../files/remove.ts';
import { TercetError } from '../ground/error.ts';
import { run } from '../process/spawn.ts';
import type { Context } from './context.ts';

/** `commit`: brings the export up to date in the commit that is being made. `push`: refuses where it is not. */
export type HookMoment = 'commit' | 'push';

export interface InstallHooksOptions {
  readonly moments: readonly HookMoment[];
  /** Path of the running executable, for git clients that do not know the shell's PATH. */
  readonly executable: string;
  /** Arguments of `hooks run`, behind the moment. */
  readonly arguments: readonly string[];
}

const BEGIN = '# >>> tercet hooks: `tercet hooks remove` takes this away >>>';
const END = '# <<< tercet hooks <<<';
const FOREIGN = '.before-tercet';

/** Writes the blocks, in place of older ones. Answers with the files. Throws `no-repository`. */
export async function installHooks(context: Context, options: InstallHooksOptions): Promise<readonly string[]> {
  const { folder, prefix } = await hooksFolder(context);
  mkdirSync(folder, { recursive: true });
  return options.moments.map((moment) => {
    const file = join(folder, `pre-${moment}`);
    const there = existsSync(file) ? withoutBlock(readFileSync(file, 'utf8')) : undefined;
    const words = ['-P', prefix, 'hooks', 'run', moment, ...options.arguments].map(quoted).join(' ');
    const block = `${BEGIN}
tercet=$(command -v tercet || echo ${quoted(options.executable)})
"$tercet" ${words} </dev/null || exit 1
${END}
`;
    if (there === undefined || there.trim() === '' || there.trim() === '#!/bin/sh') {
      atomicWrite(file, `#!/bin/sh\n${block}`);
    } else if (isShellScript(there)) {
      const end = there.indexOf('\n') + 1;
      atomicWrite(file, `${there.slice(0, end)}${block}${there.slice(end)}`);
    } else {
      renameSync(file, `${file}${FOREIGN}`);
      atomicWrite(file, `#!/bin/sh\n${block}exec "$0${FOREIGN}" "$@"\n`);
    }
    chmodSync(file, 0o755);
    return file;
  });
}

/** Takes the blocks away, and gives back what stood there before. Answers with the files that had one. */
export async function removeHooks(context: Context): Promise<readonly string[]> {
  const { folder } = await hooksFolder(context);
  return ['commit', 'push'].flatMap((moment) => {
    const file = join(folder, `pre-${moment}`);
    const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
    if (!text.includes(BEGIN)) return [];
    const rest = withoutBlock(text);
    if (existsSync(`${file}${FOREIGN}`)) renameSync(`${file}${FOREIGN}`, file);
    else if (rest.trim() === '#!/bin/sh') removeFile(file);
    else atomicWrite(file, rest);
    return [file];
  });
}

/** Where git looks for hooks, `core.hooksPath` and worktrees included; and the project's folder as seen from where hooks run. */
async function hooksFolder(context: Context): Promise<{ readonly folder: string; readonly prefix: string }> {
  const { directory } = await context.project();
  const git = await run('git', ['rev-parse', '--git-path', 'hooks', '--show-prefix'], { cwd: directory });
  const [path = '', prefix = ''] = git.stdout.split('\n');
  if (git.code !== 0 || path === '') {
    throw new TercetError('no-repository', `${directory} is in no git repository`, { hints: ['run `git init`'] });
  }
  return { folder: resolve(directory, path), prefix: prefix === '' ? '.' : prefix };
}

function isShellScript(text: string): boolean {
  return /^#!\s*\S*(?:\/env\s+)?\S*\b(?:ba|da|z|k)?sh\b.*\n/.test(text);
}

function withoutBlock(text: string): string {
  const start = text.indexOf(BEGIN);
  const end = text.indexOf(END);
  if (start < 0 || end < start) return text;
  return text.slice(0, start) + text.slice(end + END.length + 1);
}

function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

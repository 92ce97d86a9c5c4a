/** Which shell the user types in: told by the processes above this one. */

import { readFileSync, readlinkSync } from 'node:fs';
import { basename } from 'node:path';
import { runSync } from '../process/spawn.ts';
import { windowsProcesses } from '../process/windows-processes.ts';

export interface Shell {
  /** Its kind: `bash`, `zsh`, `fish`, … */
  readonly name: string;
  /** The program to run: a path, or a name to look up. */
  readonly path: string;
}

const SHELLS: ReadonlySet<string> = new Set(
  'sh bash dash ash csh tcsh ksh mksh zsh fish cmd powershell pwsh elvish xonsh nu'.split(' '),
);

/** How many processes are asked. */
const HIGHEST = 10;

/** The shell of that path or name; undefined for a program that is none. */
export function shellNamed(path: string): Shell | undefined {
  const name = basename(path.replaceAll('\\', '/'))
    .replace(/^-/, '')
    .replace(/\.exe$/i, '')
    .toLowerCase();
  return SHELLS.has(name) ? { name, path: path.replace(/^-/, '') } : undefined;
}

/** The nearest shell among the processes above this one; undefined when there is none or they cannot be seen. */
export function detectShell(pid: number = process.ppid): Shell | undefined {
  const look = lookOf(process.platform);
  let next = pid;
  for (let depth = 0; depth < HIGHEST && next > 1; depth += 1) {
    const found = look(next);
    if (found === undefined) return undefined;
    const shell = found.argv[0] && shellNamed(found.argv[0]);
    if (shell) return found.executable === undefined ? shell : { ...shell, path: shellPath(shell, found.executable) };
    next = found.parent;
  }
  return undefined;
}

/** How a process is looked at. */
function lookOf(platform: NodeJS.Platform): (pid: number) => ProcessAbove | undefined {
  if (platform === 'linux') return fromProc;
  if (platform !== 'win32') return fromPs;
  const all = windowsProcesses();
  return (pid) => {
    const found = all.get(pid);
    return found && { argv: [found.name], executable: undefined, parent: found.parent };
  };
}

interface ProcessAbove {
  readonly argv: readonly string[];
  readonly executable: string | undefined;
  readonly parent: number;
}

/** The executable, unless it is called by another name than its own (busybox). */
function shellPath(shell: Shell, executable: string): string {
  return basename(executable) === shell.name ? executable : shell.path;
}

function fromProc(pid: number): ProcessAbove | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const parent = Number(
      stat
        .slice(stat.lastIndexOf(')') + 1)
        .trim()
        .split(' ')[1],
    );
    const argv = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').slice(0, -1);
    return { argv, executable: linkOf(`/proc/${pid}/exe`), parent };
  } catch {
    return undefined;
  }
}

function linkOf(path: string): string | undefined {
  try {
    return readlinkSync(path);
  } catch {
    return undefined;
  }
}

function fromPs(pid: number): ProcessAbove | undefined {
  const { code, stdout } = runSync('ps', ['-ww', '-o', 'ppid=,args=', '-p', String(pid)]);
  const found = /^\s*(\d+)\s+(.*)$/.exec(stdout.trimEnd());
  const [, parent, args] = found ?? [];
  if (code !== 0 || parent === undefined || args === undefined) return undefined;
  return { argv: args.split(' '), executable: undefined, parent: Number(parent) };
}

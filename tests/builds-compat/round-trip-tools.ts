/** What both round trips need: programs that are run, a server on loopback that is ended by its process, a list of what held. */

import { existsSync, mkdtempSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

export const TERCET = resolve(process.env.TERCET ?? join(import.meta.dir, '../../dist/tercet'));

/** A folder for this run; the caller removes it. */
export const root = mkdtempSync(join(tmpdir(), 'round-trip-'));

/** The virtual environment that has pip: `TOOLS`, else one below `root`. */
export const tools = process.env.TOOLS ?? join(root, 'tools');
export const python = join(tools, 'bin/python');

let failed = 0;

/** Runs a program to its end; servers in this process go on answering meanwhile. */
export async function run(program: string, args: readonly string[], cwd: string, env: Record<string, string> = {}) {
  const child = Bun.spawn([program, ...args], {
    cwd,
    env: { ...process.env, ...env },
    stdin: 'ignore',
    stdout: 'pipe',
    stderr: 'pipe',
  });
  const [out, errors, code] = await Promise.all([child.stdout.text(), child.stderr.text(), child.exited]);
  return { code, said: out + errors };
}

/** Prints one line, and what was said where it does not hold. */
export function check(what: string, holds: boolean, said = ''): void {
  console.log(`${holds ? '(pass)' : '(fail)'} ${what}`);
  if (holds) return;
  failed += 1;
  console.log(said);
}

/** Prints the last line and ends the process: 0 where all held. */
export function finish(): never {
  console.log(failed === 0 ? 'all held' : `${failed} failed`);
  process.exit(failed === 0 ? 0 : 1);
}

/** Puts these distributions into the environment of the tools, which is made where it is not there. */
export async function provide(...distributions: readonly string[]): Promise<void> {
  if (!existsSync(python)) await run('python3', ['-m', 'venv', tools], root);
  const got = await run(python, ['-m', 'pip', 'install', '-q', '--disable-pip-version-check', ...distributions], root);
  check(distributions.join(' and '), got.code === 0, got.said);
}

export function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}

/** Whether a server answers there within half a minute. */
export async function reachable(url: string): Promise<boolean> {
  for (let tries = 0; tries < 300; tries++) {
    try {
      return (await fetch(url)).ok;
    } catch {
      await Bun.sleep(100);
    }
  }
  return false;
}

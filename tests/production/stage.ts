/** A stage for acceptance: a scratch home, programs run in it, and steps that pass, fail or say why they are skipped. */

import { existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** Thrown by a step that cannot be tried here; the message says why. */
export class Skipped extends Error {}

export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

export interface Stage {
  /** The scratch folder, which is the home as well. */
  readonly home: string;
  readonly env: Readonly<Record<string, string>>;
  /** Runs a step, unless one that it needs has not passed. */
  step(name: string, work: () => Promise<void>, needs?: readonly string[]): Promise<void>;
  /** Runs a program; throws with its output where its code is another than expected. */
  run(command: readonly string[], options?: RunOptions): Promise<Ran>;
  /** A line for a shell, the same way. */
  shell(line: string, options?: RunOptions): Promise<Ran>;
  write(path: string, text: string): void;
  /** Prints a figure, below the step that it belongs to. */
  say(text: string): void;
  /** Prints `N passed, N failed, N skipped`, removes the home, and answers with the exit code. */
  finish(): number;
}

export interface RunOptions {
  /** Relative to the home. Default: the home. */
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Default: 0; undefined in the list: any. */
  readonly code?: number | 'any';
}

const KEPT = [
  'TERCET_INDEX_URL',
  'LANG',
  'HTTP_PROXY',
  'HTTPS_PROXY',
  'NO_PROXY',
  'SSL_CERT_FILE',
  'REQUESTS_CA_BUNDLE',
];
const KEPT_PREFIXES = ['PIP_', 'DOCKER_'];

/** Prepares a stage. `path` comes before the machine's. */
export function createStage(name: string, path: readonly string[] = []): Stage {
  const home = realpathSync(mkdtempSync(join(tmpdir(), `tercet-${name}-`)));
  mkdirSync(join(home, 'tmp'));
  const kept = Object.entries(process.env).filter(
    ([key]) => KEPT.includes(key) || KEPT_PREFIXES.some((prefix) => key.startsWith(prefix)),
  );
  const env: Record<string, string> = {
    ...(Object.fromEntries(kept) as Record<string, string>),
    HOME: home,
    TMPDIR: join(home, 'tmp'),
    PATH: [join(home, '.tercet/bin'), ...path, '/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin'].join(':'),
    POETRY_KEYRING_ENABLED: 'false',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_AUTHOR_NAME: 'a',
    GIT_AUTHOR_EMAIL: 'a@example.org',
    GIT_COMMITTER_NAME: 'a',
    GIT_COMMITTER_EMAIL: 'a@example.org',
  };
  const said: string[] = [];
  const states = new Map<string, 'passed' | 'failed' | 'skipped'>();

  const stage: Stage = {
    home,
    env,
    async step(title, work, needs = []) {
      const missing = needs.find((one) => states.get(one) !== 'passed');
      const began = performance.now();
      const seconds = (): string => `${((performance.now() - began) / 1000).toFixed(1)} s`;
      try {
        if (missing !== undefined) throw new Skipped(`it needs "${missing}"`);
        await work();
        states.set(title, 'passed');
        console.log(`(pass) ${title} [${seconds()}]${said.splice(0).join('')}`);
      } catch (error) {
        const isSkip = error instanceof Skipped;
        states.set(title, isSkip ? 'skipped' : 'failed');
        const text = error instanceof Error ? error.message : String(error);
        console.log(
          isSkip ? `(skip) ${title}: ${text}` : `(fail) ${title} [${seconds()}]${said.splice(0).join('')}\n${text}`,
        );
      }
    },
    async run(command, { cwd = '.', env: more = {}, code = 0 } = {}) {
      const child = Bun.spawn([...command], {
        cwd: join(home, cwd),
        env: { ...env, ...more },
        stdin: 'ignore',
        stdout: 'pipe',
        stderr: 'pipe',
      });
      const [out, err, found] = await Promise.all([child.stdout.text(), child.stderr.text(), child.exited]);
      if (code !== 'any' && found !== code) throw new Error(`${command.join(' ')}: exit code ${found}\n${out}${err}`);
      return { code: found, out, err };
    },
    shell: (line, options) => stage.run(['bash', '-c', line], options),
    write(path, text) {
      mkdirSync(dirname(join(home, path)), { recursive: true });
      writeFileSync(join(home, path), text);
    },
    say(text) {
      said.push(`\n       ${text}`);
    },
    finish() {
      const count = (state: string): number => [...states.values()].filter((one) => one === state).length;
      if (existsSync(home)) rmSync(home, { recursive: true, force: true });
      console.log(`${count('passed')} passed, ${count('failed')} failed, ${count('skipped')} skipped`);
      return count('failed') === 0 ? 0 : 1;
    },
  };
  return stage;
}

/** Throws unless `text` has `part` in it. */
export function expectIn(text: string, part: string): void {
  if (!text.includes(part)) throw new Error(`expected ${JSON.stringify(part)} in:\n${text}`);
}

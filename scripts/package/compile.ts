/**
 * The one recipe for executables. `--splitting` keeps what a command imports dynamically out of the start, and `--bytecode` spares
 * parsing it: without them `--version` is three to twenty times slower.
 */

import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Target } from './targets.ts';

const root = join(import.meta.dir, '../..');

export interface CompileOptions {
  /** The file that is written, as a whole or not at all. */
  readonly outfile: string;
  /** Default: this machine's platform. */
  readonly target?: Target;
}

/** Compiles the program. Throws with the compiler's words. */
export function compileExecutable({ outfile, target }: CompileOptions): void {
  mkdirSync(dirname(outfile), { recursive: true });
  /** Built beside it first, so that whoever runs the old one, or runs while this builds, has a whole file. */
  const fresh = `${outfile}.${process.pid}.new`;
  const made = target?.os === 'win32' ? `${fresh}.exe` : fresh;
  run([
    process.execPath,
    'build',
    '--compile',
    '--minify',
    '--bytecode',
    '--splitting',
    '--format=esm',
    // A project's own `.env` and `bunfig.toml` are none of ours: the one would reach every program, the other could run code.
    '--no-compile-autoload-dotenv',
    '--no-compile-autoload-bunfig',
    ...(target === undefined
      ? []
      : [`--target=bun-${target.runtime}`, `--compile-executable-path=${runtimeOf(target)}`]),
    join(root, 'src/main.ts'),
    // A thread's entry; the executable knows it by this path below `src`.
    join(root, 'src/installer/lane-worker.ts'),
    '--outfile',
    fresh,
  ]);
  renameSync(existsSync(made) ? made : fresh, outfile);
}

/**
 * The runtime of another platform: from the npm package that npm would have installed there, of the version in use here. Kept in
 * `.cache/runtimes`.
 */
function runtimeOf(target: Target): string {
  const { version } = JSON.parse(readFileSync(join(root, 'node_modules/bun/package.json'), 'utf8')) as {
    version: string;
  };
  const folder = join(root, '.cache/runtimes', version, target.runtime);
  const program = join(folder, 'bin', target.os === 'win32' ? 'bun.exe' : 'bun');
  if (existsSync(program)) return program;
  mkdirSync(dirname(folder), { recursive: true });
  const staging = mkdtempSync(`${folder}.`);
  try {
    run(['npm', 'pack', '--silent', '--pack-destination', staging, `@oven/bun-${target.runtime}@${version}`]);
    const [archive = ''] = [...new Bun.Glob('*.tgz').scanSync({ cwd: staging })];
    run(['tar', '-xzf', join(staging, archive), '-C', staging]);
    rmSync(folder, { recursive: true, force: true });
    renameSync(join(staging, 'package'), folder);
  } finally {
    rmSync(staging, { recursive: true, force: true });
  }
  return program;
}

function run(command: readonly string[]): void {
  const result = Bun.spawnSync([...command], { cwd: root, stdout: 'pipe', stderr: 'pipe' });
  if (!result.success) throw new Error(`${command.join(' ')}\n${result.stdout}${result.stderr}`);
}

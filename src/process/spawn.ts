/** Running another program and waiting for it: with its output caught, or attached to our own terminal. */

import { constants } from 'node:os';
import { definedVariables, type Variables } from './variables.ts';

/** How a program is run. */
export interface RunOptions {
  /** Default: this process's folder. */
  readonly cwd?: string;
  /** The whole environment. Default: this process's. */
  readonly env?: Variables;
  /** Text for its standard input. Default: none, the input is at its end. */
  readonly input?: string;
  /** Milliseconds after which it is killed; the code is then 124. Default: no limit. */
  readonly timeout?: number;
  /** It is ended where this process ends first. For programs of which there is one at a time. Default: false. */
  readonly endsWithUs?: boolean;
}

/** What became of a program. */
export interface RunResult {
  /** Its exit code; 128 + n where signal n ended it; 127 where it could not be started; 124 after a timeout. */
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `file` with `argv` (without the program's own name) and catches its output as UTF-8. Never throws. */
export async function run(file: string, argv: readonly string[], options: RunOptions = {}): Promise<RunResult> {
  try {
    const child = Bun.spawn([file, ...argv], {
      ...spawnOptions(options),
      stdin: options.input === undefined ? 'ignore' : new Blob([options.input]),
      stdout: 'pipe',
      stderr: 'pipe',
      ...(options.timeout === undefined ? {} : { timeout: options.timeout, killSignal: 'SIGKILL' as const }),
    });
    const output = Promise.all([child.stdout.text(), child.stderr.text()]);
    const end = () => child.kill();
    if (options.endsWithUs) process.once('exit', end);
    await child.exited;
    process.off('exit', end);
    const code = codeOf(child.exitCode, child.signalCode, options);
    // A killed program's own children may hold the pipes open for as long as they like.
    const [stdout, stderr] = code === 124 ? ['', ''] : await output;
    return { code, stdout, stderr };
  } catch (error) {
    return notStarted(error);
  }
}

/** `run` without an event loop turn; for the few places that answer at once. */
export function runSync(file: string, argv: readonly string[], options: RunOptions = {}): RunResult {
  try {
    const child = Bun.spawnSync([file, ...argv], {
      ...spawnOptions(options),
      stdin: options.input === undefined ? 'ignore' : Buffer.from(options.input),
      stdout: 'pipe',
      stderr: 'pipe',
      ...(options.timeout === undefined ? {} : { timeout: options.timeout, killSignal: 'SIGKILL' as const }),
    });
    return {
      code: codeOf(child.exitCode, child.signalCode ?? null, options),
      stdout: child.stdout.toString(),
      stderr: child.stderr.toString(),
    };
  } catch (error) {
    return notStarted(error);
  }
}

/** How a program is run whose output is read while it runs. */
export interface StreamOptions extends Pick<RunOptions, 'cwd' | 'env'> {
  /** Called with each line of either stream, without its line break. */
  readonly onLine: (line: string, stream: 'out' | 'err') => void;
  /** Ends the program, and its whole group where the system has groups. */
  readonly signal?: AbortSignal | undefined;
}

/** Milliseconds for which output is read on after the program has ended: its own children may hold the pipes open. */
const LINGER = 1000;

/** Runs `file` with `argv`, its input at its end, and answers with its exit code as `run` does. Never throws. */
export async function runStreaming(file: string, argv: readonly string[], options: StreamOptions): Promise<number> {
  if (options.signal?.aborted === true) return 130;
  try {
    const child = Bun.spawn([file, ...argv], {
      ...spawnOptions(options),
      stdin: 'ignore',
      stdout: 'pipe',
      stderr: 'pipe',
      detached: process.platform !== 'win32',
    });
    const stop = () => endGroup(child.pid);
    options.signal?.addEventListener('abort', stop, { once: true });
    process.once('exit', stop);
    try {
      const read = Promise.all([
        eachLine(child.stdout, (line) => options.onLine(line, 'out')),
        eachLine(child.stderr, (line) => options.onLine(line, 'err')),
      ]);
      await child.exited;
      await Promise.race([read, Bun.sleep(LINGER)]);
      return codeOf(child.exitCode, child.signalCode, {});
    } finally {
      options.signal?.removeEventListener('abort', stop);
      process.removeListener('exit', stop);
    }
  } catch (error) {
    options.onLine(notStarted(error).stderr, 'err');
    return 127;
  }
}

async function eachLine(stream: ReadableStream<Uint8Array>, onLine: (line: string) => void): Promise<void> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const piece of stream) {
    const lines = (rest + decoder.decode(piece, { stream: true })).split(/\r?\n/);
    rest = lines.pop() ?? '';
    for (const line of lines) onLine(line);
  }
  if (rest !== '') onLine(rest);
}

/** Ends a program that leads a group, with all that it has started. */
function endGroup(pid: number): void {
  try {
    process.kill(process.platform === 'win32' ? pid : -pid, 'SIGTERM');
  } catch {
    // It is gone already.
  }
}

/**
 * Runs `file` on our own input, output and terminal, and answers with its exit code (128 + n after signal n).
 * Meanwhile the signals of the keyboard are the program's: SIGINT and SIGQUIT do not end us.
 */
export async function runAttached(
  file: string,
  argv: readonly string[],
  options: Pick<RunOptions, 'cwd' | 'env'> = {},
): Promise<number> {
  const stay = () => {};
  const pass = (signal: NodeJS.Signals) => child?.kill(signal);
  let child: ReturnType<typeof Bun.spawn> | undefined;
  process.on('SIGINT', stay).on('SIGQUIT', stay).on('SIGTERM', pass).on('SIGHUP', pass);
  try {
    child = Bun.spawn([file, ...argv], {
      ...spawnOptions(options),
      stdin: 'inherit',
      stdout: 'inherit',
      stderr: 'inherit',
    });
    await child.exited;
    return codeOf(child.exitCode, child.signalCode, {});
  } catch (error) {
    return notStarted(error).code;
  } finally {
    process.off('SIGINT', stay).off('SIGQUIT', stay).off('SIGTERM', pass).off('SIGHUP', pass);
  }
}

function spawnOptions(options: RunOptions): { cwd?: string; env?: Record<string, string> } {
  return {
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    ...(options.env === undefined ? {} : { env: definedVariables(options.env) }),
  };
}

function codeOf(code: number | null, signal: string | number | null | undefined, options: RunOptions): number {
  if (code !== null && (signal === null || signal === undefined)) return code;
  if (typeof signal === 'number') return 128 + signal;
  if (options.timeout !== undefined && signal === 'SIGKILL') return 124;
  const number = (constants.signals as Readonly<Record<string, number>>)[signal ?? ''];
  return number === undefined ? (code ?? 1) : 128 + number;
}

function notStarted(error: unknown): RunResult {
  return { code: 127, stdout: '', stderr: error instanceof Error ? error.message : String(error) };
}

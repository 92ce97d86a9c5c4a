/**
 * Giving this process to another program. On POSIX by `execve`: same process id, so that signals, terminal
 * and exit code are the program's own. On Windows, which has no such call, a child whose exit code is handed on.
 */

import { definedVariables, type Variables } from './variables.ts';

/** Why a program could not be started: the system's code (`ENOENT`, `EACCES`, `ENOEXEC`) and its own words. */
export interface NotStarted {
  readonly code: string;
  readonly message: string;
}

/**
 * Runs `file` (a path; nothing is looked up) with `argv`, `argv[0]` included, in the environment `env`.
 *
 * On POSIX it returns only when the program could not be started. On Windows it answers with the exit code.
 */
export async function replaceProcess(
  file: string,
  argv: readonly string[],
  env: Variables,
): Promise<NotStarted | number> {
  if (process.platform === 'win32') {
    const { runAttached } = await import('./spawn.ts');
    return runAttached(file, argv.slice(1), { env });
  }
  restoreSignals();
  const warn = process.emitWarning;
  process.emitWarning = () => {};
  try {
    return execute(file, argv, definedVariables(env));
  } finally {
    process.emitWarning = warn;
  }
}

function execute(file: string, argv: readonly string[], env: Record<string, string>): NotStarted {
  const execve = process.execve;
  if (execve === undefined) return { code: 'ENOSYS', message: 'this platform cannot replace a process' };
  try {
    return execve.call(process, file, argv, env);
  } catch (error) {
    const { code = 'UNKNOWN', message } = error as NodeJS.ErrnoException;
    return { code, message };
  }
}

/**
 * The runtime ignores SIGPIPE and SIGXFSZ, and an ignored signal stays ignored across `execve`, while one
 * with a handler goes back to its default. So handlers are set for these two.
 */
function restoreSignals(): void {
  const none = () => {};
  process.on('SIGPIPE', none);
  process.on('SIGXFSZ', none);
}

/** Running a command to its end, with its wall time and its peak memory. */

export interface Command {
  readonly argv: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

export interface Measurement {
  /** Wall time in milliseconds. */
  readonly milliseconds: number;
  /** Peak resident memory of its largest process in MiB. */
  readonly mebibytes: number;
}

/**
 * Starts the command and waits for it. A process counts as its own the memory of the one that started it, so this one must be small:
 * the bench itself is larger than some of what it measures.
 */
const STARTER = `
import json, os, sys, time
nothing = os.open(os.devnull, os.O_RDONLY)
output = os.open(sys.argv[1], os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
actions = [(os.POSIX_SPAWN_DUP2, nothing, 0), (os.POSIX_SPAWN_DUP2, output, 1), (os.POSIX_SPAWN_DUP2, output, 2)]
began = time.perf_counter()
child = os.posix_spawn(sys.argv[2], sys.argv[2:], os.environ, file_actions=actions)
_, status, usage = os.wait4(child, 0)
took = time.perf_counter() - began
unit = 1 if sys.platform == 'darwin' else 1024
code = os.WEXITSTATUS(status) if os.WIFEXITED(status) else -os.WTERMSIG(status)
print(json.dumps({'milliseconds': took * 1e3, 'mebibytes': usage.ru_maxrss * unit / 2**20, 'code': code}))
`;

/**
 * Runs the command once. Throws with the end of its output where it fails.
 *
 * @param python a Python of 3.8 or later, which starts it
 * @param output a file that may be overwritten
 */
export async function measure({ argv, cwd, env }: Command, python: string, output: string): Promise<Measurement> {
  const starter = Bun.spawn([python, '-I', '-S', '-c', STARTER, output, ...argv], {
    cwd,
    env: { ...process.env, ...env },
    stdin: 'ignore',
    stdout: 'pipe',
    stderr: 'inherit',
  });
  const told = await new Response(starter.stdout).text();
  if ((await starter.exited) !== 0) throw new Error(`${argv.join(' ')} could not be started`);
  const { code, ...measured } = JSON.parse(told);
  if (code !== 0) {
    const said = await Bun.file(output).text();
    throw new Error(`${argv.join(' ')} ended with ${code}:\n${said.slice(-2000)}`);
  }
  return measured;
}

/** The smallest wall time and the largest memory of several runs. */
export function bestOf(runs: readonly Measurement[]): Measurement {
  return {
    milliseconds: Math.min(...runs.map(({ milliseconds }) => milliseconds)),
    mebibytes: Math.max(...runs.map(({ mebibytes }) => mebibytes)),
  };
}

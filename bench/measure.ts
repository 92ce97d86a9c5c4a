/** Running a command to its end, with its wall time and the peak memory of its largest process. */

export interface Command {
  readonly argv: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

export interface Measurement {
  /** Wall time in milliseconds: the smallest of all repetitions. */
  readonly milliseconds: number;
  /** Peak resident memory in MiB: the largest of all repetitions. Never less than this process has when it starts the command. */
  readonly mebibytes: number;
}

/**
 * Runs `command` `repetitions` times, calling `before` ahead of each run (not timed).
 * Throws with the end of its output where it fails.
 */
export async function measure(
  command: Command,
  repetitions: number,
  before: () => void | Promise<void> = () => {},
): Promise<Measurement> {
  let milliseconds = Number.POSITIVE_INFINITY;
  let mebibytes = 0;
  for (let round = 0; round < repetitions; round++) {
    await before();
    const began = performance.now();
    const child = Bun.spawn([...command.argv], {
      cwd: command.cwd,
      env: { ...process.env, ...command.env },
      stdin: 'ignore',
      stdout: 'pipe',
      stderr: 'pipe',
    });
    const [out, err, code] = await Promise.all([
      new Response(child.stdout).text(),
      new Response(child.stderr).text(),
      child.exited,
    ]);
    const took = performance.now() - began;
    if (code !== 0) {
      throw new Error(`${command.argv.join(' ')} ended with ${code}:\n${(out + err).slice(-2000)}`);
    }
    milliseconds = Math.min(milliseconds, took);
    // Bun gives bytes on every platform.
    mebibytes = Math.max(mebibytes, (child.resourceUsage()?.maxRSS ?? 0) / 1024 / 1024);
  }
  return { milliseconds, mebibytes };
}

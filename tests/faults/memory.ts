/** How much memory a run takes. */

import { TERCET } from '../support/run-tercet.ts';
import { type Bed, MACHINE } from './bed.ts';

/** A child begins with the peak of the process that forks it, so a small one starts tercet. */
const MEASURE = `import resource, subprocess, sys
code = subprocess.call(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
print(code, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024)`;

/** Runs tercet and answers with the most memory it held, in bytes. */
export async function peakMemory(
  { home, index }: Bed,
  args: readonly string[],
): Promise<{ readonly code: number; readonly bytes: number }> {
  const child = Bun.spawn(['python3', '-c', MEASURE, TERCET, ...args], {
    cwd: home.project,
    env: { HOME: home.path, POETRY_VIRTUALENVS_IN_PROJECT: 'true', TERCET_INDEX_URL: index.url, ...MACHINE },
    stdin: 'ignore',
    stdout: 'pipe',
    stderr: 'inherit',
  });
  const [code = -1, bytes = 0] = (await child.stdout.text()).trim().split(' ').map(Number);
  return { code, bytes };
}

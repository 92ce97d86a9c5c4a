/** Servers that a stage starts, and their front pages. */

import { join } from 'node:path';
import { expectIn, type Stage } from './stage.ts';

/** The text at `/` of a server on loopback, as soon as it answers; 20 seconds at most. */
export async function frontPage(port: number): Promise<string> {
  for (let tries = 0; ; tries += 1) {
    try {
      return await (await fetch(`http://127.0.0.1:${port}/`)).text();
    } catch (error) {
      if (tries > 200) throw error;
      await Bun.sleep(100);
    }
  }
}

/** Starts a server in the background, expects `answer` on its front page, and ends it. */
export async function expectAnswer(
  stage: Stage,
  command: readonly string[],
  port: number,
  answer: string,
  options: { readonly cwd: string; readonly env?: Readonly<Record<string, string>> },
): Promise<void> {
  const child = Bun.spawn([...command], {
    cwd: join(stage.home, options.cwd),
    env: { ...stage.env, ...options.env },
    stdin: 'ignore',
    stdout: 'ignore',
    stderr: 'pipe',
  });
  try {
    expectIn(await frontPage(port), answer);
  } finally {
    child.kill('SIGTERM');
    await child.exited;
  }
}

/** A port of loopback that nobody has just now. */
export async function freePort(): Promise<number> {
  const probe = Bun.serve({ hostname: '127.0.0.1', port: 0, fetch: () => new Response('') });
  const { port = 0 } = probe;
  await probe.stop(true);
  return port;
}

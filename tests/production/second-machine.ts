/** A machine without a way to any index: a network namespace whose only link leads to this one. */

import { type Ran, type RunOptions, Skipped, type Stage } from './stage.ts';

export interface SecondMachine extends AsyncDisposable {
  /** This machine's address on the link. */
  readonly address: string;
  run(command: readonly string[], options?: RunOptions): Promise<Ran>;
}

const LINK = 'tercet-cache';
const HERE = '10.77.0.1';
const THERE = '10.77.0.2';

/** Throws `Skipped` where namespaces cannot be made. */
export async function startSecondMachine({ run, env }: Stage): Promise<SecondMachine> {
  if (process.getuid?.() !== 0) throw new Skipped('a network namespace with a link to here can be made by root only');
  const holder = Bun.spawn(['unshare', '-n', 'sleep', '3600'], { env: { ...env }, stdin: 'ignore', stdout: 'ignore' });
  const inside = ['nsenter', '-t', `${holder.pid}`, '-n', '--'];
  const stop = async (): Promise<void> => {
    holder.kill('SIGKILL');
    await holder.exited;
    await run(['ip', 'link', 'delete', LINK], { code: 'any' });
  };
  try {
    // The namespace is there when its process has left ours.
    const ours = (await run(['readlink', '/proc/self/ns/net'])).out;
    while ((await run(['readlink', `/proc/${holder.pid}/ns/net`])).out === ours) await Bun.sleep(20);
    await run(['ip', 'link', 'add', LINK, 'type', 'veth', 'peer', 'name', 'there', 'netns', `${holder.pid}`]);
    await run(['ip', 'address', 'add', `${HERE}/30`, 'dev', LINK]);
    await run(['ip', 'link', 'set', LINK, 'up']);
    for (const words of [`address add ${THERE}/30 dev there`, 'link set there up', 'link set lo up'])
      await run([...inside, 'ip', ...words.split(' ')]);
  } catch (error) {
    await stop();
    throw new Skipped(`a network namespace cannot be made: ${error instanceof Error ? error.message : error}`);
  }
  return {
    address: HERE,
    run: (command, options) => run([...inside, ...command], options),
    [Symbol.asyncDispose]: stop,
  };
}

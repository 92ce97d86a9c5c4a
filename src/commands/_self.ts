/** What the commands `self …` have in common. tercet is one program: there is no environment of its own, and nothing to put into it. */

import type { Context } from '../app/context.ts';
import { BUILT_IN, builtIn } from '../app/plug-ins.ts';

/** What is said where plug-ins are asked for: nothing is changed. */
export function sayNoPlugins(context: Context, wanted: readonly string[]): void {
  const notice = (text: string): void => context.emit({ kind: 'notice', text });
  notice('tercet is a single program and loads no plug-ins: nothing was changed.');
  for (const text of wanted) {
    const known = builtIn(text);
    notice(
      known === undefined
        ? `  - ${text}: a plug-in in Python cannot be run by it`
        : `  - ${text}: not needed, ${known.instead} is built in`,
    );
  }
  notice(`Built in: ${BUILT_IN.map(({ plugin, instead }) => `${instead} (${plugin})`).join(', ')}.`);
}

/** What `self install`, `self lock` and `self sync` say: there is nothing that they would do. */
export function sayNothingToDo(context: Context): number {
  context.emit({
    kind: 'line',
    text: 'No dependencies to install or update: tercet is a single program without plug-ins.',
  });
  return 0;
}

/** What the commands `self …` have in common. tercet is one program: there is no environment of its own, and nothing to put into it. */

import type { Context } from '../app/context.ts';
import { projectName } from '../names/name.ts';

/** Poetry's plug-ins whose work is built in, and how it is called here. */
export const BUILT_IN: readonly { readonly plugin: string; readonly instead: string }[] = [
  { plugin: 'poetry-plugin-export', instead: '`export`' },
  { plugin: 'poetry-plugin-shell', instead: '`shell`' },
];

/** The command's first lines where plug-ins are asked for; answers with 1, because nothing was done. */
export function refusePlugins(context: Context, wanted: readonly string[]): number {
  const notice = (text: string): void => context.emit({ kind: 'notice', text });
  notice('tercet is a single program and loads no plug-ins: nothing was changed.');
  for (const text of wanted) {
    const name = projectName(/^[A-Za-z0-9._-]+/.exec(text)?.[0] ?? text);
    const known = BUILT_IN.find(({ plugin }) => plugin === name);
    notice(
      known === undefined
        ? `  - ${text}: a plug-in in Python cannot be run by it`
        : `  - ${text}: not needed, ${known.instead} is built in`,
    );
  }
  notice(`Built in: ${BUILT_IN.map(({ plugin, instead }) => `${instead} (${plugin})`).join(', ')}.`);
  return 1;
}

/** What `self install`, `self lock` and `self sync` say: there is nothing that they would do. */
export function sayNothingToDo(context: Context): number {
  context.emit({
    kind: 'line',
    text: 'No dependencies to install or update: tercet is a single program without plug-ins.',
  });
  return 0;
}

/** `task`: the tasks of `pyproject.toml`, listed or run. */

import { taskUsage } from '../app/task-arguments.ts';
import { argumentList, type Command, values } from '../cli/command.ts';
import { colours, noColours } from '../render/style.ts';
import { findRunning } from './_running.ts';

export const command: Command = {
  name: 'task',
  description: 'Runs a task of pyproject.toml, or lists them.',
  arguments: [
    { name: 'args', multiple: true, required: false, description: 'The task and its arguments; none: list them.' },
  ],
  options: [{ name: 'env-file', takesValue: true, multiple: true, description: 'Set the variables of this file.' }],
  passThrough: true,
  help: `Tasks stand in [tool.tercet.tasks], or in [tool.poe.tasks] with Poe the Poet's keys:

  [tool.tercet.tasks]
  test = "pytest -x"                                            words, without a shell
  check = ["lint", "test"]                                      other tasks, one after the other
  serve = { cmd = "flask run", env = { FLASK_DEBUG = "1" }, envfile = ".env", cwd = "site", deps = ["check"], help = "…" }
  pack = { shell = "git archive HEAD | gzip > out.tgz" }        for a shell
  load = { script = "tools.load:main", args = ["file"] }        a Python function
  fast = { ref = "test -k fast" }                               a task with arguments

\`run NAME\` runs a task of [tool.tercet.tasks] too; one of [tool.poe.tasks] where there is no program of that name.`,
  async run(context, input) {
    const [name, ...rest] = argumentList(input, 'args');
    const { ownSettings } = await import('../app/own-settings.ts');
    const { directory } = await context.project();
    const own = await ownSettings(context, { files: values(input, 'env-file'), directory });
    if (name !== undefined) {
      const { environment } = await findRunning(context, undefined);
      return own.runTask(environment, name, rest);
    }
    const shown = [...own.tasks.tasks.values()].filter((one) => !one.name.startsWith('_'));
    if (shown.length === 0) {
      context.emit({ kind: 'line', text: 'No tasks: they are defined in [tool.tercet.tasks] of pyproject.toml.' });
      return 0;
    }
    const paint = context.decorated ? colours : noColours;
    const rows = shown.map((one) => [taskUsage(one), one.help.split('\n')[0] ?? ''] as const);
    const width = Math.max(...rows.map(([usage]) => usage.length));
    for (const [usage, help] of rows) {
      const [task = '', ...words] = usage.split(' ');
      const plain = [paint('c1', task), ...words].join(' ');
      context.emit({
        kind: 'line',
        text: `  ${plain}${help === '' ? '' : `${' '.repeat(width - usage.length + 2)}${help}`}`,
      });
    }
    return 0;
  },
};

/** `import`: from requirements files, pipenv, setuptools, uv or PDM to `pyproject.toml` and `poetry.lock`. */

import { argumentList, type Command, flag, value } from '../cli/command.ts';
import { DRY_RUN } from './_options.ts';

export const command: Command = {
  name: 'import',
  description: "Import another tool's files.",
  arguments: [
    { name: 'files', multiple: true, required: false, description: 'The files; without any, what is found here.' },
  ],
  options: [
    {
      name: 'group',
      short: 'G',
      takesValue: true,
      description:
        'The group of the requirement files that are named. Without it their names decide: dev-requirements.txt is for dev.',
    },
    { name: 'caret', description: 'Write ^1.2.3 for ==1.2.3; the lock keeps 1.2.3.' },
    { name: 'no-lock', description: 'Only write pyproject.toml.' },
    { ...DRY_RUN, description: 'Show the pyproject.toml and the report, and write nothing.' },
  ],
  help: `Reads requirements files (with what they include), their .in, Pipfile, setup.cfg, setup.py (without running it), and what uv and PDM
keep in pyproject.toml. Versions in them, in Pipfile.lock, uv.lock and pdm.lock are kept in poetry.lock wherever they fit. What
could not be carried over is listed at the end. The old files stay where they are.`,
  async run(context, input) {
    const { importProject } = await import('../app/import-project.ts');
    return importProject(context, {
      files: argumentList(input, 'files'),
      group: value(input, 'group'),
      caret: flag(input, 'caret'),
      noLock: flag(input, 'no-lock'),
      dryRun: flag(input, 'dry-run'),
    });
  },
};

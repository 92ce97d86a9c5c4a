/** `doctor`: what of the project's deployment will break. */

import { type Command, flag } from '../cli/command.ts';

export const command: Command = {
  name: 'doctor',
  description: "Read the project's deployment files and say what will break.",
  arguments: [],
  options: [{ name: 'strict', description: 'Warnings count as errors.' }],
  help: `Reads Dockerfiles, .travis.yml, .gitlab-ci.yml, GitHub workflows, Procfile, runtime.txt, .python-version, Ansible's tasks,
.pre-commit-config.yaml and shell scripts, and holds them against pyproject.toml and poetry.lock. Changes nothing.
The exit code is 1 where something will break.`,
  async run(context, input) {
    const { doctor } = await import('../app/doctor.ts');
    const { read, findings } = await doctor(context);
    for (const { severity, file, line, text, fix } of findings) {
      const place = line === undefined ? file : `${file}:${line}`;
      context.emit({
        kind: 'line',
        text: `${severity}: ${place}: ${text}`,
        ...(severity === 'error' ? {} : { style: 'comment' }),
      });
      context.emit({ kind: 'line', text: `  fix: ${fix}` });
    }
    const errors = findings.filter(({ severity }) => severity === 'error').length;
    const warnings = findings.length - errors;
    if (findings.length > 0) context.emit({ kind: 'line', text: '' });
    const files = `${read.length} deployment file${read.length === 1 ? '' : 's'}`;
    const text =
      findings.length === 0
        ? `${files} read, nothing will break`
        : `${files} read: ${errors} error${errors === 1 ? '' : 's'}, ${warnings} warning${warnings === 1 ? '' : 's'}`;
    context.emit({ kind: 'line', text, style: 'info' });
    return errors > 0 || (flag(input, 'strict') && warnings > 0) ? 1 : 0;
  },
};

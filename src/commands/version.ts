/** `version`: show the project's version, or write the next one into `pyproject.toml`. */

import { argument, type Command, flag } from '../cli/command.ts';

export const command: Command = {
  name: 'version',
  description: "Show the project's version, or raise it by a rule.",
  arguments: [{ name: 'version', description: 'The new version, or the rule that makes it', required: false }],
  options: [
    { name: 'short', short: 's', description: 'Only the number' },
    { name: 'dry-run', description: 'Leave pyproject.toml as it is' },
    {
      name: 'next-phase',
      description: 'With prerelease: from alpha to beta, from beta to candidate, from candidate to release',
    },
  ],
  help: 'The rules: patch, minor, major, prepatch, preminor, premajor, prerelease.',
  async run(context, input) {
    const { text, manifest, manifestPath } = await context.project();
    const rule = argument(input, 'version');
    const current = manifest.version ?? '0';
    const short = flag(input, 'short');
    if (rule === undefined || rule === '') {
      const name = manifest.prettyName ?? 'non-package-mode';
      context.emit({ kind: 'data', name: 'version', value: { name, version: current } });
      context.emit({ kind: 'line', text: short ? current : `${name} ${current}` });
      return 0;
    }
    const { bumpVersion } = await import('../app/bump-version.ts');
    const next = bumpVersion(current, rule, flag(input, 'next-phase'));
    context.emit({ kind: 'data', name: 'version', value: { from: current, version: next.text } });
    context.emit({ kind: 'line', text: short ? next.text : `Bumping version from ${current} to ${next.text}` });
    if (flag(input, 'dry-run')) return 0;
    const [{ setVersion }, { writeProjectFile }] = await Promise.all([
      import('../manifest/edit.ts'),
      import('../app/project-file.ts'),
    ]);
    await writeProjectFile(manifestPath, setVersion(text, next.text));
    return 0;
  },
};

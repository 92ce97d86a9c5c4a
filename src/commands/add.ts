/** `add`: packages into `pyproject.toml`, the lock and the environment; all three or none. */

import { argumentList, type Command, flag, value, values } from '../cli/command.ts';
import { TercetError } from '../ground/error.ts';
import { DRY_RUN, LOCK_ONLY } from './_options.ts';

export const command: Command = {
  name: 'add',
  description: 'Add packages to pyproject.toml and install them.',
  arguments: [{ name: 'name', multiple: true, unless: 'requirements', description: 'The packages.' }],
  options: [
    { name: 'group', short: 'G', takesValue: true, default: 'main', description: 'The group to add them to.' },
    { name: 'dev', short: 'D', description: 'The group dev: short for -G dev.' },
    { name: 'editable', short: 'e', description: 'Install in place; for git and paths.' },
    { name: 'extras', short: 'E', takesValue: true, multiple: true, description: 'Extras of the package.' },
    { name: 'optional', takesValue: true, description: 'Only with this extra of the project.' },
    { name: 'python', takesValue: true, description: 'Only on these Python versions.' },
    { name: 'platform', takesValue: true, description: 'Only on these platforms.' },
    { name: 'markers', takesValue: true, description: 'Only where this environment marker holds.' },
    { name: 'source', takesValue: true, description: 'Only from this source.' },
    { name: 'allow-prereleases', description: 'Pre-releases are welcome.' },
    {
      name: 'requirements',
      short: 'r',
      takesValue: true,
      multiple: true,
      description: 'All that a requirements file lists.',
    },
    DRY_RUN,
    LOCK_ONLY,
    { name: 'optional-flag', hidden: true, description: 'Poetry 1: a dependency that is optional.' },
    { name: 'git', hidden: true, takesValue: true, description: 'Poetry 0: the address of a repository.' },
    { name: 'path', hidden: true, takesValue: true, description: 'Poetry 0: a folder or file.' },
  ],
  help: `Without a constraint the newest version that fits the project is chosen. A package is written as

  requests                                      the newest version
  requests@^2.23.0                              a constraint; also requests>=2, requests==2.23.0
  "requests[socks] >=2 ; python_version < '4'"  a requirement (PEP 508)
  git+https://example.com/org/project.git       a git repository; #branch, @tag, #subdirectory=folder
  git+ssh://git@example.com/org/project.git     the same by SSH
  ../project/                                   a folder
  ../project-1.0.whl                            a file
  https://example.com/project-1.0.tar.gz        an address

With -r also what a requirements file lists, and what it includes; versions that it pins are kept in the lock.`,
  async run(context, input) {
    const old = [value(input, 'git'), value(input, 'path')];
    const [git, path] = old;
    const wishes =
      git !== undefined
        ? [git.startsWith('git+') ? git : `git+${git}`]
        : path !== undefined
          ? [path.includes('/') ? path : `./${path}`]
          : argumentList(input, 'name');
    const extras = values(input, 'extras')
      .flatMap((one) => one.split(/\s+/))
      .filter((one) => one !== '');
    if (extras.length > 0 && wishes.length > 1) {
      throw new TercetError('usage', 'You can only specify one package when using the --extras option');
    }
    if (flag(input, 'optional-flag')) {
      context.emit({
        kind: 'notice',
        text: 'The option `--optional` takes the name of an extra today; it is read as Poetry 1 did.',
      });
    }
    const { addPackages } = await import('../app/add.ts');
    return addPackages(context, {
      wishes,
      files: values(input, 'requirements'),
      group: flag(input, 'dev') ? 'dev' : (value(input, 'group') ?? 'main'),
      editable: flag(input, 'editable'),
      extras,
      optionalExtra: value(input, 'optional'),
      optional: flag(input, 'optional-flag'),
      python: value(input, 'python'),
      platform: value(input, 'platform'),
      markers: value(input, 'markers'),
      source: value(input, 'source'),
      allowPrereleases: flag(input, 'allow-prereleases'),
      dryRun: flag(input, 'dry-run'),
      lockOnly: flag(input, 'lock'),
    });
  },
};

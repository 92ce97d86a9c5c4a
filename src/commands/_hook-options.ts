/** The options that `hooks install` writes into a hook, and `hooks run` reads there. */

import { flag, type Input, type Option, value, values } from '../cli/command.ts';

export const HOOK_OPTIONS: readonly Option[] = [
  {
    name: 'export',
    takesValue: true,
    description: 'The file that is to follow poetry.lock, such as requirements.txt.',
  },
  { name: 'without-hashes', description: 'The export has no hashes.' },
  { name: 'with', takesValue: true, multiple: true, description: 'Groups that the export takes in.' },
  { name: 'extras', short: 'E', takesValue: true, multiple: true, description: 'Extras that the export takes in.' },
];

/** The options as they were given, to be given again. */
export function hookArguments(input: Input): readonly string[] {
  const file = value(input, 'export');
  return [
    ...(file === undefined ? [] : [`--export=${file}`]),
    ...(flag(input, 'without-hashes') ? ['--without-hashes'] : []),
    ...values(input, 'with').map((one) => `--with=${one}`),
    ...values(input, 'extras').map((one) => `--extras=${one}`),
  ];
}

/** `build`: an sdist and a wheel of the project. */

import type { DistributionFormat } from '../backend/source.ts';
import { type Command, flag, value, values } from '../cli/command.ts';
import { TercetError } from '../ground/error.ts';

export const command: Command = {
  name: 'build',
  description: 'Build a source distribution and a wheel of the project.',
  arguments: [],
  options: [
    { name: 'format', short: 'f', takesValue: true, description: 'Only this one: sdist or wheel.' },
    { name: 'clean', description: 'Remove the output folder first.' },
    {
      name: 'local-version',
      short: 'l',
      takesValue: true,
      description: 'A local version label (Deprecated: see --config-settings).',
    },
    { name: 'output', short: 'o', takesValue: true, default: 'dist', description: 'The folder for the files.' },
    {
      name: 'config-settings',
      short: 'c',
      takesValue: true,
      multiple: true,
      description: 'A setting for the build backend: key=value.',
    },
  ],
  help: `Projects of poetry-core are built natively, without any Python; others by their own build backend in an environment
of its own. SOURCE_DATE_EPOCH dates the files.

  poetry build
  poetry build -f wheel -o out
  poetry build -c local-version=cu118`,
  async run(context, input) {
    // What is wrong with the project is said first, then what is wrong with the command line.
    await context.project();
    const formats = formatsOf(value(input, 'format'));
    const settings = new Map<string, string>();
    const label = value(input, 'local-version');
    if (label) {
      const text = `\`--local-version\` is deprecated. Use \`--config-settings local-version=${label}\` instead.`;
      context.emit({ kind: 'warning', text });
      settings.set('local-version', label);
    }
    for (const setting of values(input, 'config-settings')) {
      const equals = setting.indexOf('=');
      if (equals < 0) {
        const text = `Invalid config setting format: ${setting}. Config settings must be in the format 'key=value'`;
        throw new TercetError('setting-invalid', text);
      }
      settings.set(setting.slice(0, equals), setting.slice(equals + 1));
    }
    const { build } = await import('../app/build.ts');
    return build(context, {
      formats,
      output: value(input, 'output') ?? 'dist',
      clean: flag(input, 'clean'),
      configSettings: settings,
    });
  },
};

function formatsOf(written: string | undefined): readonly DistributionFormat[] {
  if (written === undefined || written === '' || written === 'all') return ['sdist', 'wheel'];
  if (written === 'sdist' || written === 'wheel') return [written];
  throw new TercetError('format-invalid', `Invalid format: ${written}`, { hints: ['There are sdist and wheel.'] });
}

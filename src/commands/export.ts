/** `export`: the lock as `requirements.txt`, `constraints.txt` or `pylock.toml`. */

import { basename, dirname, resolve } from 'node:path';
import type { Context } from '../app/context.ts';
import type { ExportFormat } from '../app/export.ts';
import { type Command, flag, type Input, value, values } from '../cli/command.ts';
import { TercetError } from '../ground/error.ts';
import { groupName } from '../names/name.ts';
import { groupOptions } from './_options.ts';

export const command: Command = {
  name: 'export',
  description: 'Export the lock file to alternative formats.',
  arguments: [],
  options: [
    {
      name: 'format',
      short: 'f',
      takesValue: true,
      default: 'requirements.txt',
      description: 'constraints.txt, requirements.txt or pylock.toml.',
    },
    { name: 'output', short: 'o', takesValue: true, description: 'The file to write instead of standard output.' },
    { name: 'without-hashes', description: 'No hashes.' },
    { name: 'without-urls', description: 'No addresses of indexes.' },
    { name: 'dev', description: 'Also the group dev (Deprecated: --with dev).' },
    { name: 'all-groups', description: 'Every group.' },
    {
      name: 'with',
      takesValue: true,
      multiple: true,
      description: 'Groups to take in, optional or not; only main is taken otherwise.',
    },
    { name: 'only', takesValue: true, multiple: true, description: 'These groups and no others.' },
    { name: 'without', takesValue: true, multiple: true, description: 'Groups to leave out (Deprecated).' },
    { name: 'extras', short: 'E', takesValue: true, multiple: true, description: 'Extras to take in.' },
    { name: 'all-extras', description: 'Every extra.' },
    { name: 'with-credentials', description: 'Addresses of indexes with user and password.' },
    { name: 'default', hidden: true, description: 'Always the case.' },
    { name: 'with-hashes', hidden: true, description: 'Always the case.' },
  ],
  help: 'For tools that do not read poetry.lock:\n\n  poetry export -f requirements.txt --output requirements.txt',
  async run(context, input) {
    const format = formatOf(value(input, 'format') ?? '');
    const output = value(input, 'output');
    const fail = (text: string): number => {
      context.emit({ kind: 'notice', text });
      return 1;
    };
    if (format === 'pylock.toml' && output !== undefined && !PYLOCK_NAME.test(basename(output))) {
      return fail(
        'The output file for pylock.toml export must be named "pylock.toml" or must follow the regex ' +
          '"^pylock\\.([^.]+)\\.toml$", e.g. "pylock.dev.toml"',
      );
    }

    const { manifest, lockPath } = await context.project();
    const [{ readLockFile }, { isFresh }, { exportLock, writeExport }, selection, { sha256 }] = await Promise.all([
      import('../app/lock-file.ts'),
      import('../lock/freshness.ts'),
      import('../app/export.ts'),
      import('../app/selection.ts'),
      import('../files/sha256.ts'),
    ]);
    const lock = (await readLockFile(lockPath)) ?? (await lockFirst(context, lockPath));
    if (lock === undefined || !isFresh(lock, manifest.toml, sha256)) return fail(STALE);
    const refused = refusedCombination(input);
    if (refused !== undefined) return fail(refused);

    const extras = selection.selectExtras(manifest, values(input, 'extras'), flag(input, 'all-extras'));
    const hasDev = manifest.groups.some(({ name }) => name === groupName('dev'));
    const asked = groupOptions(input);
    const { groups, warnings } = selection.selectGroups(manifest, {
      ...asked,
      with: flag(input, 'dev') && hasDev ? [...asked.with, 'dev'] : asked.with,
      defaults: flag(input, 'all-groups') ? 'all' : 'main',
    });
    for (const text of warnings) context.emit({ kind: 'warning', text });

    const path = output === undefined ? undefined : resolve(context.cwd, output);
    const text = await exportLock(context, lock, {
      format,
      groups,
      extras,
      hashes: !flag(input, 'without-hashes'),
      urls: !flag(input, 'without-urls'),
      credentials: flag(input, 'with-credentials'),
      folder: path === undefined ? context.cwd : dirname(path),
    });
    if (path === undefined) context.emit({ kind: 'line', text: text.slice(0, -1) });
    else await writeExport(path, text);
    return 0;
  },
};

const PYLOCK_NAME = /^pylock\.(?:[^.]+\.)?toml$/;

const STALE =
  'pyproject.toml changed significantly since poetry.lock was last generated. Run `poetry lock` to fix the lock file.';

function formatOf(text: string): ExportFormat {
  if (text === 'constraints.txt' || text === 'requirements.txt' || text === 'pylock.toml') return text;
  throw new TercetError('usage', `Invalid export format: ${text}`, {
    hints: ['The formats are constraints.txt, requirements.txt and pylock.toml.'],
  });
}

async function lockFirst(context: Context, lockPath: string) {
  context.emit({ kind: 'notice', text: 'The lock file does not exist. Locking.' });
  const [{ relock }, { readLockFile }] = await Promise.all([import('../app/relock.ts'), import('../app/lock-file.ts')]);
  await relock(context, {});
  return readLockFile(lockPath);
}

function refusedCombination(input: Input): string | undefined {
  if (values(input, 'extras').length > 0 && flag(input, 'all-extras')) {
    return 'You cannot specify explicit `--extras` while exporting using `--all-extras`.';
  }
  if (flag(input, 'all-groups') && ['with', 'without', 'only'].some((name) => values(input, name).length > 0)) {
    return 'You cannot specify explicit `--with`, `--without`, or `--only` while exporting using `--all-groups`.';
  }
  return undefined;
}

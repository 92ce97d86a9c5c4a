/** `licenses`: the licences of what is locked, and whether they are wanted. */

import { type Command, flag, type Input, value, values } from '../cli/command.ts';
import { asStrings, asTable, type TomlTable, tableAt } from '../toml/read.ts';
import { GROUP_OPTIONS, groupOptions } from './_options.ts';

export const command: Command = {
  name: 'licenses',
  description: 'Show the licences of the locked packages.',
  arguments: [],
  options: [
    ...GROUP_OPTIONS,
    { name: 'allow', takesValue: true, multiple: true, description: 'Only these are wanted.' },
    { name: 'deny', takesValue: true, multiple: true, description: 'These are not wanted.' },
    { name: 'summary', description: 'How many packages have each licence.' },
    { name: 'format', short: 'f', takesValue: true, default: 'text', description: 'text or json.' },
  ],
  help: `Licences are SPDX expressions where the metadata are clear, else as the metadata name them. --allow and --deny take names separated by
commas, with * for anything ("BSD*"); of "A OR B" one must be wanted, of "A AND B" both. The exit code is 1 where a package's licence is not.
pyproject.toml may hold the lists, and packages that do not count:

  [tool.tercet.licenses]
  allow = ["MIT", "BSD*", "Apache-2.0", "PSF-2.0"]
  deny = ["AGPL-*"]
  exceptions = {some-package = "asked its author"}`,
  async run(context, input) {
    const [{ lockedSelection }, { packageLicenses }, { refusedLicense }, { projectName }, { colours, noColours }] =
      await Promise.all([
        import('../app/locked-selection.ts'),
        import('../app/package-licenses.ts'),
        import('../manifest/license-policy.ts'),
        import('../names/name.ts'),
        import('../render/style.ts'),
      ]);
    const { manifest } = await context.project();
    const setting = tableAt(manifest.toml, 'tool', 'tercet', 'licenses') ?? {};
    const groups = {
      ...groupOptions(input),
      defaults: 'all' as const,
    };
    const { packages } = await lockedSelection(context, groups);
    const found = await packageLicenses(context, packages);
    const policy = { allow: listOf(input, setting, 'allow'), deny: listOf(input, setting, 'deny') };
    const exceptions = new Set(Object.keys(asTable(setting.exceptions) ?? {}).map(projectName));
    const rows = packages.map((one) => {
      const { license, from } = found.get(one) ?? { license: undefined, from: 'nowhere' as const };
      const refusal = exceptions.has(one.name) ? undefined : refusedLicense(license, policy);
      return { name: one.prettyName, version: one.version.text, license, from, refusal };
    });
    const refused = rows.filter((row) => row.refusal !== undefined);
    const line = (text: string): void => context.emit({ kind: 'line', text });
    const paint = context.decorated ? colours : noColours;
    const list = rows.map(({ license, refusal, ...row }) => ({
      ...row,
      license: license ?? null,
      ...(refusal === undefined ? {} : { refused: refusal }),
    }));
    context.emit({ kind: 'data', name: 'licenses', value: list });
    if (value(input, 'format') === 'json') {
      line(JSON.stringify(list, undefined, 2));
    } else if (flag(input, 'summary')) {
      const counts = new Map<string, number>();
      for (const { license = 'unknown' } of rows) counts.set(license, (counts.get(license) ?? 0) + 1);
      const sorted = [...counts].sort(([a, many], [b, more]) => more - many || (a < b ? -1 : 1));
      const width = Math.max(...sorted.map(([, count]) => String(count).length), 0);
      for (const [license, count] of sorted) line(`${String(count).padStart(width)}  ${license}`);
    } else {
      const width = Math.max(...rows.map((row) => row.name.length), 0);
      const versions = Math.max(...rows.map((row) => row.version.length), 0);
      for (const { name, version, license, refusal } of rows) {
        const shown = license ?? 'unknown';
        const text = refusal === undefined ? shown : `${paint('error', shown)}  ${refusal}`;
        line(
          `${paint('c1', name)}${' '.repeat(width - name.length + 1)}${paint('bold', version)}${' '.repeat(versions - version.length + 1)}${text}`,
        );
      }
    }
    if (refused.length === 0) return 0;
    const names = refused.map((row) => row.name).join(', ');
    const text = `\n${refused.length} of ${rows.length} packages have a licence that is not wanted: ${names}`;
    context.emit({ kind: 'notice', text });
    return 1;
  },
};

/** What is given on the command line, else the project's list. */
function listOf(input: Input, setting: TomlTable, key: 'allow' | 'deny'): readonly string[] {
  const given = values(input, key)
    .flatMap((one) => one.split(','))
    .map((one) => one.trim());
  return given.length > 0 ? given.filter((one) => one !== '') : asStrings(setting[key]);
}

/** Poetry's plug-ins: programs in Python, which tercet cannot load. What the well-known ones do is built in. */

import type { Manifest } from '../manifest/manifest.ts';
import { projectName } from '../names/name.ts';
import { tableAt } from '../toml/read.ts';

/** A plug-in whose work is built in, and what does it here. */
export interface BuiltInPlugin {
  readonly plugin: string;
  readonly instead: string;
}

export const BUILT_IN: readonly BuiltInPlugin[] = [
  { plugin: 'poetry-plugin-export', instead: '`export`' },
  { plugin: 'poetry-plugin-shell', instead: '`shell`' },
  { plugin: 'poetry-plugin-bundle', instead: '`bundle venv`' },
  { plugin: 'poetry-plugin-up', instead: '`up`' },
  { plugin: 'poetry-audit-plugin', instead: '`audit`' },
  { plugin: 'poetry-dotenv-plugin', instead: '`run --env-file`' },
  { plugin: 'poetry-plugin-pypi-mirror', instead: 'the setting `pypi-mirror.url`' },
  { plugin: 'poetry-dynamic-versioning', instead: '`build`' },
  { plugin: 'poethepoet', instead: '`task`' },
];

/** The built-in plug-in that a text of the command line (`NAME`, `NAME@^1`, `NAME[extra]>=1`) asks for; undefined where none is. */
export function builtIn(text: string): BuiltInPlugin | undefined {
  const name = projectName(/^[A-Za-z0-9._-]+/.exec(text)?.[0] ?? text);
  return BUILT_IN.find(({ plugin }) => plugin === name);
}

/** What `[tool.poetry.requires-plugins]` asks for and is not built in. */
export function missingPlugins({ toml }: Manifest): readonly string[] {
  return Object.keys(tableAt(toml, 'tool', 'poetry', 'requires-plugins') ?? {}).filter((name) => !builtIn(name));
}

/** What is said of them. */
export function missingPluginsText(names: readonly string[]): string {
  return (
    `The project requires ${names.length === 1 ? 'the plug-in' : 'the plug-ins'} ${names.join(', ')} of Poetry. ` +
    `tercet loads no plug-ins: what ${names.length === 1 ? 'it does' : 'they do'} is left out.`
  );
}

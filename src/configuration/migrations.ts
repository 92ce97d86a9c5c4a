/** Settings that have got another name, and what becomes of their values. */

import { readProperty, removeProperty, setProperty } from './property.ts';

/** One change of a configuration file. `value` is undefined where the new setting is left at its default. */
export interface Migration {
  readonly from: string;
  readonly to: string;
  readonly old: unknown;
  readonly value: unknown;
}

/** The changes that a file needs. */
export async function neededMigrations(file: string): Promise<readonly Migration[]> {
  const needed: Migration[] = [];
  for (const { from, to, translate } of RENAMED) {
    const old = await readProperty(file, from.split('.'));
    if (old !== undefined) needed.push({ from, to, old, value: translate(old) });
  }
  return needed;
}

/** Makes the changes. */
export async function migrate(file: string, migrations: readonly Migration[]): Promise<void> {
  for (const { from, to, value } of migrations) {
    await removeProperty(file, from.split('.'));
    if (value !== undefined) await setProperty(file, to.split('.'), value);
  }
}

interface Renamed {
  readonly from: string;
  readonly to: string;
  readonly translate: (value: unknown) => unknown;
}

const RENAMED: readonly Renamed[] = [
  { from: 'experimental.system-git-client', to: 'system-git-client', translate: (value) => value },
  {
    from: 'virtualenvs.prefer-active-python',
    to: 'virtualenvs.use-poetry-python',
    translate: (value) => (value === true ? undefined : true),
  },
];

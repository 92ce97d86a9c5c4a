import { describe, expect, test } from 'bun:test';
import { readLock } from '../lock/poetry-lock.ts';
import { projectName } from '../names/name.ts';
import { packageList } from './package-list.ts';
import { noColours } from './style.ts';
import { packageTree } from './tree.ts';

const row = {
  name: 'six',
  installed: true,
  required: true,
  version: '1.17.0',
  description: 'Python 2 and 3 compatibility utilities',
};
const plain = { paint: noColours, decorated: false };

describe('packageList', () => {
  const rows = [row, { ...row, name: 'a', installed: false, version: '1' }];

  test('columns', () => {
    expect(packageList(rows, { ...plain, width: 80 })).toEqual([
      'six   1.17.0 Python 2 and 3 compatibility utilities',
      'a (!) 1      Python 2 and 3 compatibility utilities',
    ]);
  });

  test('what does not fit is cut, then left out', () => {
    expect(packageList(rows, { ...plain, width: 40 })[0]).toBe('six   1.17.0 Python 2 and 3 compati...');
    expect(packageList(rows, { ...plain, width: 30 })[0]).toBe('six   1.17.0');
    expect(packageList(rows, { ...plain, width: 10 })[0]).toBe('six  ');
  });

  test('a hidden row counts for the widths', () => {
    const long = { ...row, name: 'long-name', version: '1', hidden: true };
    expect(packageList([row, long], { ...plain, width: 80 })).toEqual([
      'six       1.17.0 Python 2 and 3 compatibility utilities',
    ]);
  });

  test('the newest version and who requires it', () => {
    const more = { ...row, latest: { version: '2.0', status: 'update-possible' as const }, requiredBy: ['a', 'b'] };
    expect(packageList([more], { ...plain, width: 80 })).toEqual([
      'six 1.17.0 2.0 from a,b Python 2 and 3 compatibility utilities',
    ]);
  });
});

describe('packageTree', () => {
  const entry = (name: string, more = ''): string =>
    `[[package]]\nname = "${name}"\nversion = "1"\ndescription = ""\noptional = false\npython-versions = "*"\ngroups = ["main"]\nfiles = []\n${more}\n`;
  const { packages } = readLock(
    `${entry('a', '[package.dependencies]\nc = "*"\nb = ">=1"\n')}${entry('b', '[package.dependencies]\na = "<2"\n')}${entry('c')}[metadata]\nlock-version = "2.1"\n`,
  );
  const [a] = packages;
  if (!a) throw new Error('no package');

  test('branches, cycles', () => {
    expect(packageTree(a, packages, plain)).toEqual([
      'a 1',
      '├── b >=1',
      '│   └── a <2 (circular dependency aborted here)',
      '└── c *',
    ]);
  });

  test('only ASCII, only one branch', () => {
    expect(packageTree(a, packages, { ...plain, ascii: true, why: projectName('c') })).toEqual(['a 1', '`-- c *']);
  });
});

import { describe, expect, test } from 'bun:test';
import { lockedFrom, lockedPackage } from '../../tests/support/locked-package.ts';
import type { DirectUrl, InstalledDistribution } from '../environments/installed.ts';
import type { LockedPackage, LockedSource } from '../lock/lock.ts';
import { projectName } from '../names/name.ts';
import { operationLabel } from './operation-label.ts';
import { absolutePath, countOperations, isSatisfied, type PlanInput, pathOfUrl, planOperations } from './plan.ts';

const COMMIT = '0123456789abcdef0123456789abcdef01234567';

function has(name: string, version: string, more: Partial<InstalledDistribution> = {}): InstalledDistribution {
  return {
    name: projectName(name),
    prettyName: name,
    version,
    path: `/env/${name}-${version}.dist-info`,
    editable: false,
    inherited: false,
    ...more,
  };
}

/** The plan as lines, as they are printed. */
function lines(
  locked: readonly LockedPackage[],
  installed: readonly InstalledDistribution[],
  more: Partial<PlanInput> = {},
): string[] {
  const selected = new Set(locked.filter(({ optional }) => !optional));
  const plan = planOperations({ locked, selected, installed, projectDir: '/project', ...more });
  return plan.map((operation) => {
    const { kind, name, version, from, skipped } = operationLabel(operation, '/project');
    return `${kind} ${name} ${from === undefined ? '' : `${from} -> `}${version}${skipped === undefined ? '' : ` (${skipped})`}`;
  });
}

describe('planOperations', () => {
  const six = lockedPackage('six', '1.16.0');
  const toml = lockedPackage('toml', '0.10.2');
  const extra = lockedPackage('extra', '1.0', [], { optional: true });

  test('installs what is missing, by name', () => {
    expect(lines([toml, six], [])).toEqual(['install six 1.16.0', 'install toml 0.10.2']);
  });

  test('installs what is for editing after the rest of its depth', () => {
    const folder = lockedFrom({ type: 'directory', url: 'lib' }, 'lib', '1.0', { develop: true });
    const built = lockedFrom({ type: 'directory', url: 'other' }, 'other', '1.0');
    const names = (lib: LockedPackage): string[] =>
      lines([lib, built, six, toml], [has('toml', '0.10.2')]).map((line) => line.split(' ')[1] ?? '');
    expect(names(folder)).toEqual(['other', 'six', 'toml', 'lib']);
    expect(names({ ...folder, depth: 1 })).toEqual(['lib', 'other', 'six', 'toml']);
  });

  test('updates, downgrades, and passes over', () => {
    expect(lines([six, toml], [has('six', '1.15'), has('toml', '0.11')])).toEqual([
      'update six 1.15 -> 1.16.0',
      'downgrade toml 0.11 -> 0.10.2',
    ]);
    expect(lines([six], [has('six', '1.16')])).toEqual(['install six 1.16.0 (Already installed)']);
  });

  test('lists optional packages that are not wanted, unless they are there', () => {
    expect(lines([extra], [])).toEqual(['install extra 1.0 (Not required)']);
    expect(lines([extra], [has('extra', '0.9')])).toEqual([]);
    expect(lines([six, { ...extra, depth: 1 }], [])).toEqual([
      'install extra 1.0 (Not required)',
      'install six 1.16.0',
    ]);
    expect(lines([lockedPackage('other', '1.0')], [], { selected: new Set() })).toEqual([]);
  });

  test('removes only with sync, and then neither the project nor pip', () => {
    const installed = [has('pip', '23'), has('root', '1'), has('stray', '1'), has('six', '1.16.0')];
    expect(lines([six], installed)).toEqual(['install six 1.16.0 (Already installed)']);
    expect(lines([six], installed, { sync: true, root: projectName('root') })).toEqual([
      'uninstall stray 1',
      'install six 1.16.0 (Already installed)',
    ]);
  });

  test('with sync removes optional packages that are not wanted', () => {
    expect(lines([extra], [has('extra', '1.0')], { sync: true })).toEqual(['uninstall extra 1.0']);
  });

  test('removes what a changed lock has no longer', () => {
    expect(
      lines([six], [has('toml', '0.10.2'), has('six', '1.16.0'), has('stray', '1')], { previous: [six, toml] }),
    ).toEqual(['uninstall toml 0.10.2', 'install six 1.16.0 (Already installed)']);
  });

  test('never removes what belongs to the base interpreter', () => {
    expect(lines([], [has('stray', '1', { inherited: true })], { sync: true })).toEqual([]);
  });

  test('puts removals first, pip before all, deeper ones before others', () => {
    const pip = lockedPackage('pip', '24.0');
    const deep = { ...six, depth: 1 };
    expect(
      lines([pip, deep, toml, lockedPackage('a', '1')], [has('stray', '1'), has('pip', '23')], { sync: true }),
    ).toEqual([
      'update pip 23 -> 24.0',
      'uninstall stray 1',
      'install six 1.16.0',
      'install a 1',
      'install toml 0.10.2',
    ]);
  });

  test('leaves out folders when asked to, unless they are installed', () => {
    const folder = lockedFrom({ type: 'directory', url: 'lib' }, 'lib');
    expect(lines([folder], [], { noDirectory: true })).toEqual([]);
    expect(lines([folder], [has('lib', '0.9')], { noDirectory: true })).toEqual(['update lib 0.9 -> 1.0 /project/lib']);
  });

  test('shows where direct origins are', () => {
    const packages = [
      lockedFrom({ type: 'file', url: '../a-1.0.whl' }, 'a'),
      lockedFrom({ type: 'url', url: 'https://files.example/b.whl' }, 'b'),
      lockedFrom({ type: 'git', url: 'https://git.example/c.git', reference: 'main', resolvedReference: COMMIT }, 'c'),
    ];
    expect(lines(packages, [])).toEqual([
      'install a 1.0 /a-1.0.whl',
      'install b 1.0 https://files.example/b.whl',
      'install c 1.0 0123456',
    ]);
  });

  test('counts', () => {
    const plan = planOperations({
      locked: [six, toml, extra],
      selected: new Set([six, toml]),
      installed: [has('six', '1'), has('x', '1')],
      projectDir: '/',
      sync: true,
    });
    expect(countOperations(plan)).toEqual({ installs: 1, updates: 1, removals: 1, skipped: 1 });
  });
});

describe('isSatisfied', () => {
  const file = (url: string): DirectUrl => ({ url, archive_info: {} });
  const folder = (url: string, editable?: boolean): DirectUrl => ({
    url,
    dir_info: editable === undefined ? {} : { editable },
  });
  const git = (url: string, commit: string): DirectUrl => ({ url, vcs_info: { vcs: 'git', commit_id: commit } });
  const repository: LockedSource = {
    type: 'git',
    url: 'https://git.example/x.git',
    reference: 'main',
    resolvedReference: COMMIT,
  };
  test.each<[string, LockedSource | undefined, DirectUrl | undefined, boolean]>([
    ['index and index', undefined, undefined, true],
    ['another index', { type: 'legacy', url: 'https://index.example/simple', reference: 'mine' }, undefined, true],
    ['index and file', undefined, file('file:///x.whl'), false],
    ['file and index', { type: 'file', url: 'x.whl' }, undefined, false],
    ['the same file', { type: 'file', url: 'dist/x.whl' }, file('file:///project/dist/x.whl'), true],
    ['another file', { type: 'file', url: 'dist/x.whl' }, file('file:///project/dist/y.whl'), false],
    [
      'the same address',
      { type: 'url', url: 'https://files.example/x.whl' },
      file('https://files.example/x.whl'),
      true,
    ],
    ['the same folder', { type: 'directory', url: '../lib dir' }, folder('file:///lib%20dir'), true],
    ['the same folder, editable', { type: 'directory', url: '../lib' }, folder('file:///lib', true), false],
    ['the same commit', repository, git('https://git.example/x.git', COMMIT), true],
    ['another commit', repository, git('https://git.example/x.git', 'f'.repeat(40)), false],
    ['another repository', repository, git('https://git.example/y.git', COMMIT), false],
    ['another subdirectory', { ...repository, subdirectory: 'sub' }, git('https://git.example/x.git', COMMIT), false],
  ])('%s', (_, source, directUrl, satisfied) => {
    const locked = source === undefined ? lockedPackage('x', '1.0') : lockedFrom(source, 'x');
    const editable = directUrl?.dir_info?.editable === true;
    const installed = has('x', '1.0', { editable, ...(directUrl === undefined ? {} : { directUrl }) });
    expect(isSatisfied(locked, installed, '/project')).toBe(satisfied);
  });

  test('an editable folder', () => {
    const locked = lockedFrom({ type: 'directory', url: 'lib' }, 'x', '1.0', { develop: true });
    expect(
      isSatisfied(
        locked,
        has('x', '1.0', { editable: true, directUrl: folder('file:///project/lib', true) }),
        '/project',
      ),
    ).toBe(true);
    expect(isSatisfied(locked, has('x', '1.0', { directUrl: folder('file:///project/lib') }), '/project')).toBe(false);
  });

  test('a version that is none', () =>
    expect(isSatisfied(lockedPackage('x', '1.0'), has('x', 'dev'), '/')).toBe(false));
});

test.each([
  ['a/b', '/project/a/b'],
  ['../a', '/a'],
  ['./a/./b/../c', '/project/a/c'],
  ['/abs/x', '/abs/x'],
  ['C:\\x\\y', 'C:/x/y'],
])('absolutePath(%j)', (path, expected) => expect(absolutePath(path, '/project')).toBe(expected));

test.each([
  ['file:///a/b%20c', '/a/b c'],
  ['file:///a/', '/a'],
  ['file:///C:/x', 'C:/x'],
  ['https://x.example/a', undefined],
])('pathOfUrl(%j)', (url, expected) => expect(pathOfUrl(url)).toBe(expected));

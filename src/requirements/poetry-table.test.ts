import { expect, test } from 'bun:test';
import { ParseError } from '../ground/error.ts';
import { formatMarker } from '../markers/marker.ts';
import { formatRange } from '../versions/version-range.ts';
import { parseGitUrl } from './git-url.ts';
import { formatRequirement } from './pep508.ts';
import { requirementFromTable } from './poetry-table.ts';

test('a text is a constraint and kept as written', () => {
  const requirement = requirementFromTable('Foo', '^1.2');
  expect(requirement).toMatchObject({ name: 'foo', prettyName: 'Foo', prettyConstraint: '^1.2', optional: false });
  expect(formatRange(requirement.constraint)).toBe('>=1.2,<2.0');
  expect(requirement.allowPrereleases).toBeUndefined();
});

test.each([
  [{ version: '*', python: '^3.9' }, 'python_version >= "3.9" and python_version < "4.0"'],
  [{ version: '*', python: '3.9.2' }, 'python_full_version == "3.9.2"'],
  [{ version: '*', platform: 'linux || darwin' }, 'sys_platform == "linux" or sys_platform == "darwin"'],
  [
    { version: '*', markers: `os_name == 'nt'`, python: '>=3.9', platform: 'win32' },
    'os_name == "nt" and python_version >= "3.9" and sys_platform == "win32"',
  ],
  [{ version: '*', markers: '' }, ''],
])('%p has the marker %s', (table, expected) => {
  expect(formatMarker(requirementFromTable('foo', table).marker)).toBe(expected);
});

test.each([
  [{ git: 'git@host.example:a/b.git', branch: 'm' }, 'foo @ git+ssh://git@host.example/a/b.git@m'],
  [
    { git: 'https://host.example/a', tag: 't', rev: 'r', subdirectory: 's' },
    'foo @ git+https://host.example/a@t#subdirectory=s',
  ],
  [{ path: '../x' }, 'foo @ file:///srv/x'],
  [{ path: 'x', subdirectory: 's' }, 'foo @ file:///srv/project/x/s'],
  [{ path: 'foo-1.0.tar.gz' }, 'foo @ file:///srv/project/foo-1.0.tar.gz'],
  [{ file: 'foo.zip' }, 'foo @ file:///srv/project/foo.zip'],
  [{ url: 'https://index.example/x.zip', subdirectory: 's' }, 'foo @ https://index.example/x.zip#subdirectory=s'],
])('%p is %s', (table, expected) => {
  expect(formatRequirement(requirementFromTable('foo', table), { base: '/srv/project' })).toBe(expected);
});

test('wishes are taken over', () => {
  const table = {
    version: '>=1',
    extras: ['B', 'a', 'b'],
    optional: true,
    'allow-prereleases': true,
    source: 'inner',
  };
  expect(requirementFromTable('foo', table)).toMatchObject({
    extras: ['a', 'b'],
    optional: true,
    allowPrereleases: true,
    source: 'inner',
    prettyConstraint: '>=1',
  });
  expect(requirementFromTable('foo', { path: 'x', develop: true }).origin).toEqual({
    kind: 'directory',
    path: 'x',
    develop: true,
  });
});

test.each([[{ version: 1 }], [{ version: 'x y' }], [{ url: 'host/x.zip' }], [{ git: '/srv/x' }], [{ extras: 'a' }]])(
  '%p cannot be read',
  (table) => {
    expect(() => requirementFromTable('foo', table)).toThrow(ParseError);
  },
);

test.each([
  ['git@host.example:a/b.git', 'ssh://git@host.example/a/b.git'],
  ['ssh://git@host.example:22/a/b.git', 'ssh://git@host.example:22/a/b.git'],
  ['https://u:p@host.example/x.git#subdirectory=z', 'https://u:p@host.example/x.git'],
  ['git+https://host.example/a/b@v1#egg=x&subdirectory=p/q', 'https://host.example/a/b'],
  ['file:///srv/x', 'file://None/srv/x'],
])('%s is the repository %s', (text, url) => {
  expect(parseGitUrl(text).url).toBe(url);
});

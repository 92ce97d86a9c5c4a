import { describe, expect, test } from 'bun:test';
import { ParseError } from '../ground/error.ts';
import { formatMarker, InvalidMarker, parseMarker } from '../markers/marker.ts';
import { groupName } from '../names/name.ts';
import { parseConstraint } from '../versions/poetry-constraint.ts';
import { formatRequirement, parseRequirement, tryParseMetadataRequirement } from './pep508.ts';
import { plainRequirement, withConstraint, withMarker } from './requirement.ts';

describe('parse', () => {
  test.each([
    ['foo<2,>=1', '>=1,<2', 'foo (>=1,<2)'],
    ['foo ~=1.4', '>=1.4,<2.0', 'foo (>=1.4,<2.0)'],
    ['foo==1.0', '1.0', 'foo (==1.0)'],
    ['foo==1.*', '==1.*', 'foo (==1.*)'],
    ['foo (!=1.5.*,>=1)', '>=1,<1.5 || >=1.6.dev0', 'foo (>=1,!=1.5.*)'],
    ['foo>1,!=2,<3', '>1,!=2,<3', 'foo (>1,!=2,<3)'],
    ['foo', '*', 'foo'],
    ['Foo.Bar[Test_X, a]>=1', '>=1', 'Foo.Bar[a,test-x] (>=1)'],
    ['foo>=1 # because', '>=1', 'foo (>=1)'],
  ])('%s', (text, constraint, rendered) => {
    const requirement = parseRequirement(text);
    expect(requirement.prettyConstraint).toBe(constraint);
    expect(formatRequirement(requirement)).toBe(rendered);
  });

  test('a marker that names extras makes it optional', () => {
    const requirement = parseRequirement(`foo>=1 ; extra == "Test_X" and os_name == "nt"`);
    expect(requirement.optional).toBe(true);
    expect(requirement.inExtras.map(String)).toEqual(['test-x']);
    expect(formatRequirement(requirement)).toBe('foo (>=1) ; extra == "Test_X" and os_name == "nt"');
    expect(formatRequirement(requirement, { extras: false })).toBe('foo (>=1) ; os_name == "nt"');
  });

  test.each([
    'foo ===1.0',
    'foo (1.0)',
    'foo>=2,<1',
    'foo>=',
    'foo>=1,',
    'foo[x',
    '_foo',
    'foo;',
    'foo ; bogus == "x"',
    'foo.whl',
    'foo @ https://',
    'foo @ https://index.example/foo.whl',
  ])('%s is none', (text) => {
    expect(() => parseRequirement(text)).toThrow(ParseError);
    expect(() => parseRequirement(text)).not.toThrow(InvalidMarker);
  });

  test('groups are those given, else main', () => {
    expect(parseRequirement('foo').groups.map(String)).toEqual(['main']);
    expect(parseRequirement('foo', { groups: [groupName('Dev')] }).groups.map(String)).toEqual(['dev']);
  });
});

describe('direct origins', () => {
  test.each([
    [
      'a @ https://index.example/a.zip#subdirectory=q',
      { kind: 'url', url: 'https://index.example/a.zip', subdirectory: 'q' },
    ],
    [
      'a @ git+https://host.example/a/b.git@main#subdirectory=s',
      {
        kind: 'git',
        url: 'https://host.example/a/b.git',
        reference: { kind: 'rev', name: 'main' },
        subdirectory: 's',
        develop: false,
      },
    ],
    ['a @ file:///srv/a%20b.zip', { kind: 'file', path: '/srv/a b.zip' }],
    ['a @ file:///srv/a', { kind: 'directory', develop: false, path: '/srv/a' }],
    ['a @ ../a', { kind: 'directory', develop: false, path: '../a' }],
  ])('%s', (text, origin) => {
    expect(parseRequirement(text)).toMatchObject({ name: 'a', origin, allowPrereleases: true });
  });

  test('a wheel names its project and version', () => {
    const requirement = parseRequirement('a @ https://index.example/Foo-1.0-py3-none-any.whl#sha256=abc');
    expect(requirement.prettyName).toBe('Foo');
    expect(requirement.prettyConstraint).toBe('*');
    expect(requirement.constraint).toMatchObject({ kind: 'version' });
    expect(formatRequirement(requirement)).toBe('Foo @ https://index.example/Foo-1.0-py3-none-any.whl');
  });

  test('paths are written as addresses where the base is known', () => {
    expect(formatRequirement(parseRequirement('a @ ../lib'), { base: '/srv/project' })).toBe('a @ file:///srv/lib');
  });
});

describe('metadata', () => {
  test('a marker that means nothing is left out', () => {
    const read = tryParseMetadataRequirement(`foo>=1 ; "3.8" <= python_version`);
    expect('requirement' in read && formatRequirement(read.requirement)).toBe('foo (>=1)');
  });

  test.each(['foo (1.0)', 'foo ; bogus == "x"', 'foo>=2,<1', 'foo ===1'])('%s is skipped', (text) => {
    expect(tryParseMetadataRequirement(text)).toHaveProperty('skipped');
  });
});

describe('derived requirements', () => {
  const plain = plainRequirement('Foo');

  test('a constraint brings its text', () => {
    expect(withConstraint(plain, parseConstraint('^1.2')).prettyConstraint).toBe('>=1.2,<2.0');
  });

  test('markers add extras and never take them away', () => {
    const first = withMarker(plain, parseMarker(`extra == 'a'`));
    const second = withMarker(first, parseMarker(`extra == 'b' or extra == 'a'`));
    const third = withMarker(second, parseMarker(`os_name == 'nt'`));
    expect(third.inExtras.map(String)).toEqual(['a', 'b']);
    expect(third.optional).toBe(true);
    expect(formatMarker(third.marker)).toBe('os_name == "nt"');
    expect(formatRequirement(third)).toBe('Foo ; (os_name == "nt") and (extra == "a" or extra == "b")');
  });
});

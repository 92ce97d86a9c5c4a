import { describe, expect, test } from 'bun:test';
import { ParseError } from '../ground/error.ts';
import { parseEntryPointScripts, scriptNameFault } from './entry-points.ts';

test('scripts of both groups, others are left alone', () => {
  const text = `# comment
[console_scripts]
one = pkg.mod:main
two.three=pkg:Class.method [extra,other]

[pytest11]
plugin = anything goes here

[gui_scripts]
win = pkg : run
`;
  expect(parseEntryPointScripts(text)).toEqual([
    { name: 'one', module: 'pkg.mod', attribute: 'main', gui: false },
    { name: 'two.three', module: 'pkg', attribute: 'Class.method', gui: false },
    { name: 'win', module: 'pkg', attribute: 'run', gui: true },
  ]);
});

describe('hostile entry points', () => {
  test.each([
    '../../evil = m:f',
    '/abs = m:f',
    'a/b = m:f',
    'a\\b = m:f',
    '.. = m:f',
    'c:x = m:f',
    'python = m:f',
    'Python = m:f',
    'python3 = m:f',
    'python3.11 = m:f',
    'PYTHON3.13t = m:f',
    'pythonw = m:f',
    'pypy3 = m:f',
    'python.exe = m:f',
    'activate = m:f',
    'activate_this.py = m:f',
    'x = m',
    'x = m:f(); import os',
    'x = m;import os:f',
    'x = m\u0000:f',
    'no reference',
  ])('%j', (line) => {
    expect(() => parseEntryPointScripts(`[console_scripts]\n${line}\n`)).toThrow(ParseError);
  });
});

test.each([
  'pythonic',
  'python-config',
  'ipython',
  'bpython',
  'python-argcomplete-check',
  'django-admin',
  'py.test',
  'activate-global-python-argcomplete',
])('a script may be called %s', (name) => expect(scriptNameFault(name)).toBeUndefined());

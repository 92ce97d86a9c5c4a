/** The readers of this room on odd and hostile texts; whole sets of files are in tests/e2e/import.test.ts. */

import { describe, expect, test } from 'bun:test';
import { logicalLines } from './_logical-lines.ts';
import { groupOfFile, groupOfIncluded } from './file-group.ts';
import { sourceNameOf } from './foreign-project.ts';
import { readIni } from './ini.ts';
import { callArguments } from './python-call.ts';
import { readRequirementText } from './requirement-line.ts';
import { readRequirements } from './requirements-txt.ts';

describe('requirement texts', () => {
  test.each([
    ['flask', 'flask', {}],
    [
      'Flask[async] >= 2 ; python_version < "3.9"',
      'Flask',
      { version: '>=2', extras: ['async'], markers: 'python_version < "3.9"' },
    ],
    ['a===1.0', 'a', { version: '1.0' }],
    [
      'git+https://host.example/o/p.git@v1#egg=p&subdirectory=x',
      'p',
      { git: 'https://host.example/o/p.git', rev: 'v1', subdirectory: 'x' },
    ],
    [
      'git+ssh://git@host.example/o/p.git#egg=p[fast]',
      'p',
      { git: 'ssh://git@host.example/o/p.git', extras: ['fast'] },
    ],
    [
      'https://host.example/p-1.0.tar.gz ; sys_platform == "linux"',
      'p',
      { url: 'https://host.example/p-1.0.tar.gz', markers: 'sys_platform == "linux"' },
    ],
    ['./wheels/my_p-1.0-py3-none-any.whl', 'my_p', { path: './wheels/my_p-1.0-py3-none-any.whl' }],
    ['../lib[x,y]', undefined, { path: '../lib', extras: ['x', 'y'] }],
    ['p @ https://host.example/p.zip', 'p', { url: 'https://host.example/p.zip' }],
  ])('%s', (text, name, wish) => {
    expect(readRequirementText(text)).toMatchObject({ name, wish } as object);
    expect(Object.keys(readRequirementText(text).wish).sort()).toEqual(Object.keys(wish).sort());
  });

  test('the project itself, and what no requirement is', () => {
    expect(readRequirementText('.[dev]', { editable: true }).self).toEqual(['dev']);
    for (const text of ['svn+https://x.example/y', 'a b c', 'a >', '===']) {
      expect(() => readRequirementText(text)).toThrow();
    }
  });
});

test('continuation lines and comments', () => {
  expect(logicalLines('a \\\n  --hash=sha256:1 \\\n  --hash=sha256:2\n  # via b\n\n#c\nd # e\n-r f#g \\')).toEqual([
    { text: 'a   --hash=sha256:1   --hash=sha256:2', number: 1, comments: ['via b'] },
    { text: 'd', number: 7, comments: ['e'] },
    { text: '-r f#g', number: 8, comments: [] },
  ]);
});

test('files that include each other end', () => {
  const files: Record<string, string> = { 'a.txt': '-r b.txt\nx\n', 'b.txt': '-r a.txt\n-r missing.txt\ny\n' };
  const read = readRequirements('a.txt', { read: (path) => files[path] });
  expect(read.requirements.map((one) => one.name)).toEqual(['y', 'x']);
  expect(read.leftovers.map((one) => one.place)).toEqual(['b.txt, line 2']);
});

test('groups by the names of files', () => {
  const names = [
    'requirements.txt',
    'requirements/base.in',
    'requirements-prod.txt',
    'dev-requirements.txt',
    'docs/requirements.txt',
    'requirements/gpu.txt',
  ];
  expect(names.map(groupOfFile)).toEqual(['main', 'main', 'main', 'dev', 'docs', 'gpu']);
  expect(groupOfIncluded('libs/backend.txt', 'main')).toBe('main');
  expect(groupOfIncluded('requirements/base.txt', 'dev')).toBe('main');
});

test('names of sources', () => {
  expect(sourceNameOf('https://user:pw@pypi.acme-corp.example/simple', new Set())).toBe('acme-corp');
  expect(sourceNameOf('https://10.0.0.1/simple', new Set(['local']))).toBe('local-2');
});

test('setup.cfg', () => {
  const ini = readIni('[a]\nkey = one\n  two\n# no\n  three\nother: x\nnonsense\n[b]\n');
  expect(ini.get('a')).toEqual(
    new Map([
      ['key', 'one\ntwo\nthree'],
      ['other', 'x'],
    ]),
  );
});

describe('setup.py', () => {
  const argumentsOf = (text: string) => Object.fromEntries(callArguments(text, 'setup') ?? []);

  test('literals of every kind', () => {
    const text = `import x
A = 'a' 'b'  # text
L = [A, "c"] + ["d",]
setuptools.setup(name=A, n=1, t=(1, 2), one=('x'), d={"k": L, 'z': []}, b=True, none=None, raw=r"\\d", **dict(q="w"))`;
    expect(argumentsOf(text)).toEqual({
      name: 'ab',
      n: 1,
      t: [1, 2],
      one: 'x',
      d: { k: ['ab', 'c', 'd'], z: [] },
      b: true,
      none: null,
      raw: '\\d',
      q: 'w',
    });
  });

  test('what is computed is unknown, and the rest is not lost', () => {
    const text = `V = read()
W = "1"
W += "2"
R = []
R.append("x")
if True:
    C = "1"
setup(a=V, b=W, c=f"{V}", d=[x for x in y], e=R, f=C, g=open("z").read().strip(), h="%s" % 1, i=lambda: [")"], j="known", k=[f(1), "z"])`;
    const found = argumentsOf(text);
    expect(found.j).toBe('known');
    for (const key of 'abcdefghi') expect([key, found[key]]).toEqual([key, undefined]);
  });

  test('hostile texts end', () => {
    for (const text of [
      `setup(a=${'['.repeat(5000)}`,
      'setup(',
      'setup(a=(',
      'A = A\nsetup(a=A)',
      '"""',
      `setup(${'x,'.repeat(50_000)})`,
    ]) {
      callArguments(text, 'setup');
    }
    expect(callArguments('def setup(): pass', 'setup')).toBeUndefined();
  });
});

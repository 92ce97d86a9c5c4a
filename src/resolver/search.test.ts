import { describe, expect, test } from 'bun:test';
import { TercetError } from '../ground/error.ts';
import { formatRequirement } from '../requirements/pep508.ts';
import { parseVersion } from '../versions/version.ts';
import { project, resolved, type SearchOptions, searched, summary, type Universe } from './_universe.ts';
import type { Question } from './question.ts';

/** The fixture of the experiments: a little of everything. */
const FIXTURE: Universe = {
  pre: { '1.0a1': [], '1.0a2': [] },
  mixpre: { '1.0': [], '2.0b1': [] },
  yank: { '1.0': [], '1.1': { yanked: true }, '2.0': { yanked: true } },
  common: { '1.0': [], '2.0': ["leaf; sys_platform == 'linux'"] },
  leaf: { '1': [], '2': { python: '>=3.10' }, '3': { python: '>=3.12' } },
  a: { '1': ['common (>=1)'] },
  b: { '1': ["common (<2); sys_platform == 'win32'"] },
  foo: { '1': [], '2': [] },
  pyd: {
    '1': [
      "foo; python_version >= '3.8'",
      "a; python_version < '3.8'",
      "leaf; python_full_version < '3.11.4'",
      "b; python_version > '3.10'",
      "common; python_version != '3.10'",
    ],
  },
  loc: { '1.0': [], '1.0+cpu': [], '1.0.post1': [] },
  cyc1: { '1': ["cyc2; sys_platform == 'linux'"] },
  cyc2: { '1': ['cyc1', 'leaf'] },
  xa: { '1': ["foo (>=2); sys_platform == 'linux'"] },
  xb: { '1': ["foo (<2); sys_platform == 'win32'"] },
  allx: { '1': ["allx[e1,e2]; extra == 'all'", "leaf; extra == 'e1'", "foo<2; extra == 'e2'", "a; extra == 'e3'"] },
};

describe('choosing', () => {
  test('the newest release that fits is chosen', () => {
    const universe = { foo: { '1': [], '3': [], '2': [] } };
    expect(summary(resolved(project(['foo<3']), universe))).toEqual(['foo 2']);
  });

  test('a conflict makes the search go back', () => {
    const universe = { foo: { '1': [], '2': ['bar>=2'] }, bar: { '1': [], '2': [] } };
    expect(summary(resolved(project(['foo', 'bar<2']), universe))).toEqual(['bar 1', 'foo 1']);
  });

  test('X24: pre-releases where nothing stable fits, yanked ones only when named', () => {
    const universe: Universe = {
      vers: { '0.9': { yanked: true }, '1.0': [], '1.0.post1': [], '1.1a1': [], '1.1.dev1': [] },
      torch: { '2.0': [], '2.0+cpu': [] },
    };
    expect(summary(resolved(project(['vers>1.0']), universe))).toEqual(['vers 1.1a1']);
    expect(searched(project(['vers<1.0']), universe).kind).toBe('derivation');
    expect(summary(resolved(project(['vers==0.9']), universe))).toEqual(['vers 0.9']);
    expect(summary(resolved(project(['vers>=1.1.dev0']), universe))).toEqual(['vers 1.1a1']);
    expect(summary(resolved(project(['torch==2.0']), universe))).toEqual(['torch 2.0+cpu']);
    const points = { vers: { '1.0': [], '1.0.post1': [] } };
    expect(() => searched(project(['vers!=1.0']), points)).toThrow(TercetError);
  });

  test('depth is the longest way from the project, as Poetry walks cycles and extras', () => {
    const universe: Universe = {
      a: { '1': ["g; sys_platform == 'linux'", "b[x]; python_version >= '3.10'", 'd'] },
      b: { '1': ['c', "d[x]; extra == 'x'"] },
      c: { '1': ["e; sys_platform == 'linux'"] },
      d: { '1': ['f', "f; extra == 'x'"] },
      e: { '1': [] },
      f: { '1': ['a', 'd'] },
      g: { '1': [] },
    };
    const { packages } = resolved(project(['d'], '[dependency-groups]\ndev = ["e"]\n'), universe);
    expect(Object.fromEntries(packages.map(({ name, depth }) => [name, depth]))).toEqual({
      a: 2,
      b: 3,
      c: 4,
      d: 0,
      e: 5,
      f: 1,
      g: 3,
    });
  });

  test('a yanked choice is reported', () => {
    expect(resolved(project(['yank==1.1']), FIXTURE).yanked).toEqual([
      { name: 'yank', version: '1.1', reason: undefined },
    ]);
  });

  test('X23: a release for newer Pythons where only these reach it', () => {
    const universe: Universe = {
      narrow: { '1': { python: '>=3.8' }, '2': { python: '>=3.11' } },
      par: { '1': ["narrow; python_version >= '3.11'"] },
      par2: { '1': ['narrow'] },
    };
    expect(summary(resolved(project(['par']), universe))).toEqual(['narrow 2 ; python_version >= "3.11"', 'par 1']);
    expect(summary(resolved(project(['par', 'par2']), universe))).toEqual(['narrow 1', 'par 1', 'par2 1']);
  });
});

describe('markers', () => {
  test('X5: requirements that are never needed together get a release each', () => {
    expect(summary(resolved(project(['xa', 'xb']), FIXTURE))).toEqual([
      'foo 1 ; sys_platform == "win32"',
      'foo 2 ; sys_platform == "linux"',
      'xa 1',
      'xb 1',
    ]);
  });

  test('X19: alternatives within one package split the search', () => {
    const universe: Universe = {
      o1: {
        '1': [
          "c (>=1,<2); python_version < '3.10'",
          "c (>=2); python_version >= '3.10'",
          "d (<2); sys_platform == 'win32'",
          'd',
        ],
      },
      c: { '1.5': { python: '>=3.8,<3.10' }, '2': [] },
      d: { '1': [], '2': ["c; python_version < '3.12'"] },
    };
    const result = resolved(project(['o1'], '', '>=3.9,<4'), universe);
    expect(summary(result)).toEqual([
      'c 1.5 ; python_version == "3.9"',
      'c 2 ; python_version >= "3.10"',
      'd 1 ; sys_platform == "win32"',
      'd 2 ; sys_platform != "win32"',
      'o1 1',
    ]);
    const o1 = result.packages.find(({ name }) => name === 'o1');
    expect(
      o1?.requirements
        .filter(({ name }) => name === 'd')
        .map((one) => formatRequirement(one))
        .sort(),
    ).toEqual(['d (<2) ; sys_platform == "win32"', 'd ; sys_platform != "win32"']);
  });

  test('X22: the base of a package with extras has the marker of who came first', () => {
    const universe: Universe = {
      pa: { '1': ["foo[x]; sys_platform=='linux'"] },
      pb: { '1': ["foo[x]; sys_platform=='win32'"] },
      foo: { '1': ["qux; extra=='x'", 'c'] },
      qux: { '1': [] },
      c: { '1': [] },
    };
    expect(summary(resolved(project(['pa', 'pb']), universe))).toEqual([
      'c 1 ; sys_platform == "win32" or sys_platform == "linux"',
      'foo 1 ; sys_platform == "win32"',
      'pa 1',
      'pb 1',
      'qux 1 ; sys_platform == "linux" or sys_platform == "win32"',
    ]);
    expect(summary(resolved(project(['pb', 'pa']), universe))[1]).toBe('foo 1 ; sys_platform == "linux"');
    expect(resolved(project(['pa', 'pb']), universe).gaps).toMatchObject([
      { kind: 'missing', groups: ['main'], locked: { name: 'pa' }, environment: { sys_platform: 'linux' } },
    ]);
    const repaired = resolved(project(['pa', 'pb']), universe, { mend: 'all' });
    expect(summary(repaired)[1]).toMatch(/^foo 1 ; sys_platform == "\w+" or sys_platform == "\w+"$/);
    expect(repaired.gaps).toEqual([]);
  });

  test('X26: markers that mean nothing are left out, requirements that cannot be read too', () => {
    const universe: Universe = {
      u: {
        '1': [
          "zed; python_version === '3.9'",
          "q; sys_platform === 'linux'",
          "r; '3.8' <= python_version",
          's (1.0)',
          "t ; bogus_name == 'x'",
          "k>=1;python_version>='3.9' and python_version<'4.0'",
          "k2;python_version<'3.9'",
          'm[all]>=1',
        ],
      },
      zed: { '1': [] },
      q: { '1': [] },
      r: { '1': [] },
      s: { '1': [] },
      t: { '1': [] },
      k: { '1': [] },
      k2: { '1': [] },
      m: { '1': [] },
    };
    expect(summary(resolved(project(['u']), universe))).toEqual([
      'k 1 ; python_version < "4.0"',
      'm 1',
      'q 1 ; sys_platform === "linux"',
      'r 1',
      'u 1',
      'zed 1',
    ]);
  });

  test('cycles end', () => {
    expect(summary(resolved(project(['cyc1']), FIXTURE))).toEqual([
      'cyc1 1',
      'cyc2 1 ; sys_platform == "linux"',
      'leaf 1 ; sys_platform == "linux"',
    ]);
  });
});

describe('groups', () => {
  test('X6: groups that share a requirement share its marker', () => {
    const groups = `[dependency-groups]\ng1 = ["foo; sys_platform == 'linux'"]\ng2 = ["foo; sys_platform == 'win32'"]\n`;
    expect(summary(resolved(project([], groups), FIXTURE))).toEqual([
      'foo 2 ; {g1 = sys_platform == "linux" or sys_platform == "win32", g2 = sys_platform == "win32"}',
    ]);
  });

  test('X6b: a release that a group never needs is marked <empty> for it', () => {
    const groups = `[dependency-groups]\ng2 = ["foo<2; sys_platform == 'win32'"]\ng3 = ["foo; sys_platform == 'darwin'"]\n`;
    const result = resolved(project(["foo; sys_platform == 'linux'"], groups), FIXTURE);
    expect(summary(result)).toEqual([
      'foo 1 ; {main = <empty>, g2 = sys_platform == "win32", g3 = <empty>}',
      'foo 2 ; {main = sys_platform == "linux" or sys_platform == "darwin", g3 = sys_platform == "darwin"}',
    ]);
    expect(result.packages.map(({ groups: of }) => of.join())).toEqual(expect.arrayContaining(['main,g2,g3']));
  });

  test('detail of [tool.poetry] is added to a requirement again once its marker has changed', () => {
    const rest = `[dependency-groups]\ntest = ["foo; os_name == 'nt'"]\n[tool.poetry.dependencies]\nfoo = {version = "*", python = ">=3.11"}\n`;
    const wishes = ["foo; python_version < '3.9'", "foo; python_version >= '3.9'"];
    expect(summary(resolved(project(wishes, rest, '>=3.8'), FIXTURE))).toEqual([
      'foo 2 ; {main = python_version >= "3.11", test = os_name == "nt"}',
    ]);
  });

  test('X4: groups, extras and Python branches at once', () => {
    const rest = `
[project.optional-dependencies]
zeta = ["leaf<3"]
ALPHA_b = ["a", "leaf<3"]
[dependency-groups]
zed = ["a; python_version >= '3.12'", "foo"]
"Dev.X" = ["foo; sys_platform == 'linux'", {include-group = "zed"}]
opt = ["b"]
[tool.poetry.group.opt]
optional = true
`;
    const result = resolved(project(['pre>=1.0a1', 'mixpre', 'yank', 'pyd', 'loc>=1', 'cyc1'], rest), FIXTURE);
    const lines = summary(result);
    expect(lines).toContain('b 1 ; {main = python_version > "3.10"}');
    expect(lines).toContain(
      'a 1 ; {main = extra == "alpha-b", dev-x = python_version >= "3.12", zed = python_version >= "3.12"}',
    );
    expect(lines).toContain('cyc2 1 ; sys_platform == "linux"');
    expect(lines).toContain('pre 1.0a2');
    expect(lines).toContain('mixpre 1.0');
    expect(lines).toContain('loc 1.0.post1');
    expect(lines.filter((line) => line.startsWith('leaf'))).toEqual([
      'leaf 1 ; sys_platform == "linux" or extra == "zeta" or extra == "alpha-b" or python_full_version < "3.11.4"',
      'leaf 3 ; sys_platform == "linux"',
    ]);
  });
});

describe('extras', () => {
  const ex: Universe = {
    ex: {
      '1': [
        "qux; extra=='a' and sys_platform=='win32'",
        "qux; extra=='b' and sys_platform=='linux'",
        "c; extra == 'b'",
      ],
    },
    qux: { '1': [] },
    c: { '1': [] },
  };

  test('X21: asking for extras changes what the lock says of them', () => {
    const extrasOf = (wish: string) =>
      Object.fromEntries(resolved(project([wish]), ex).packages.find(({ name }) => name === 'ex')?.extras ?? []);
    expect(extrasOf('ex')).toEqual({
      a: ['qux ; sys_platform == "win32"'],
      b: ['c', 'qux ; sys_platform == "linux"'],
    });
    expect(extrasOf('ex[a,b]')).toEqual({
      a: ['qux ; sys_platform == "win32" or sys_platform == "linux"'],
      b: ['c', 'qux ; sys_platform == "linux"'],
    });
  });

  test('an extra that names its own project adds what that one adds', () => {
    expect(summary(resolved(project(['allx[all]']), FIXTURE))).toEqual(['allx 1', 'foo 1', 'leaf 1']);
  });

  test("X16: the project's own extras end in markers", () => {
    const rest = `
[project.optional-dependencies]
a = ["foo<2; python_version < '3.11'", "foo>=2; python_version >= '3.11'", "mixpre"]
b = ["mixpre"]
`;
    const result = resolved(project([], rest), FIXTURE);
    expect(summary(result)).toEqual([
      'foo 1 ; python_version < "3.11" and extra == "a"',
      'foo 2 ; python_version >= "3.11" and extra == "a"',
      'mixpre 1.0 ; extra == "a" or extra == "b"',
    ]);
    expect(result.packages.every(({ optional }) => optional)).toBe(true);
  });
});

describe('the previous lock', () => {
  const relocked = project(['foo>=1', 'leaf', 'mixpre', 'a']);
  const before = resolved(project(['foo<2', 'leaf', 'a']), FIXTURE);

  test('X8: locked versions stay, unless all is forgotten', () => {
    expect(summary(resolved(relocked, FIXTURE, { locked: before }))).toContain('foo 1');
    expect(summary(resolved(relocked, FIXTURE))).toContain('foo 2');
    expect(summary(resolved(project(['foo>=1']), FIXTURE, { locked: before }))).toEqual(['foo 1']);
  });

  test('what is to be updated is not preferred', () => {
    expect(summary(resolved(relocked, FIXTURE, { locked: before, update: ['foo'] }))).toContain('foo 2');
    expect(summary(resolved(relocked, FIXTURE, { locked: before, update: 'all' }))).toContain('foo 2');
  });

  test('what stays locked keeps the spelling of its lock, unless the index lists other files', () => {
    const spelled = { packages: before.packages.map((one) => ({ ...one, prettyName: one.prettyName.toUpperCase() })) };
    const names = (options: SearchOptions) =>
      resolved(relocked, FIXTURE, options).packages.map(({ prettyName }) => prettyName);
    expect(names({ locked: spelled })).toContain('FOO');
    expect(names({ locked: spelled, update: ['foo'] })).toContain('foo');
    const file = { file: 'foo-1.tar.gz', hash: `sha256:${'0'.repeat(64)}` };
    const stale = { packages: spelled.packages.map((one) => ({ ...one, files: [file] })) };
    expect(names({ locked: stale })).toContain('foo');
  });

  test('X25: what is needed stays, though Poetry loses it when it locks again', () => {
    const manifest = `
[tool.poetry]
name = "root"
version = "1"
[tool.poetry.dependencies]
python = ">=3.9"
a = "*"
common = {version = "*", platform = "darwin"}
`;
    const first = resolved(manifest, FIXTURE);
    expect(summary(first)).toEqual(['a 1', 'common 2.0', 'leaf 1 ; sys_platform == "linux"']);
    expect(first.mended).toEqual([]);
    const again = resolved(manifest, FIXTURE, { locked: first });
    expect(summary(again)).toEqual(summary(first));
    expect(again.gaps).toEqual([]);
    expect(again.mended).toMatchObject([
      {
        kind: 'missing',
        locked: { name: 'common' },
        requirement: { name: 'leaf' },
        environment: { sys_platform: 'linux' },
      },
    ]);
  });

  test('a locked release that is gone is an error', () => {
    const { foo: _, ...without } = FIXTURE;
    expect(() => resolved(project(['foo']), without, { locked: before })).toThrow('Package foo (1) not found.');
  });
});

describe('sources', () => {
  const source = (priority: string) => `
[tool.poetry.dependencies]
foo = {source = "Leg"}
[[tool.poetry.source]]
name = "Leg"
url = "https://index.example/simple/"
priority = "${priority}"
`;

  test('X7: a requirement that names a source is met from there', () => {
    const universe: Universe = {
      foo: { '1': { source: 'Leg' }, '1.5': { source: 'Other' } },
      leaf: { '1': [] },
    };
    const result = resolved(project(['foo<2', 'leaf'], source('explicit')), universe);
    expect(summary(result)).toEqual(['foo 1', 'leaf 1']);
    expect(result.packages.find(({ name }) => name === 'foo')?.source).toEqual({
      type: 'legacy',
      url: 'https://index.example/simple',
      reference: 'Leg',
    });
  });
});

describe('direct origins', () => {
  test('a folder is asked for once and keeps its version', () => {
    const metadata = {
      prettyName: 'Lib',
      version: parseVersion('0.3'),
      summary: 'A library',
      requiresPython: '>=3.9',
      requirements: [],
      files: [],
      yanked: false,
      lockedSource: { type: 'directory', url: 'lib' } as const,
    };
    const manifest = `
[tool.poetry]
name = "root"
version = "1"
[tool.poetry.dependencies]
python = ">=3.9"
lib = {path = "./lib", develop = true}
`;
    const asked: Question[] = [];
    const { packages } = resolved(
      manifest,
      {},
      {
        origins: { lib: metadata },
        onQuestion: (question) => asked.push(question),
      },
    );
    expect(packages).toMatchObject([{ prettyName: 'Lib', develop: true, source: { type: 'directory', url: 'lib' } }]);
    expect(asked.filter(({ kind }) => kind === 'origin')).toHaveLength(1);
  });

  test('another name than the one asked for is an error', () => {
    const metadata = {
      prettyName: 'other',
      version: parseVersion('1'),
      summary: '',
      requiresPython: '*',
      requirements: [],
      files: [],
      yanked: false,
      lockedSource: { type: 'directory', url: 'lib' } as const,
    };
    const manifest = '[tool.poetry]\nname = "r"\nversion = "1"\n[tool.poetry.dependencies]\nlib = {path = "lib"}\n';
    expect(() => resolved(manifest, {}, { origins: { lib: metadata } })).toThrow(
      "The dependency name for lib does not match the actual package's name: other",
    );
  });
});

test('requirements of one package that contradict each other are an error', () => {
  const universe = { foo: { '1': ['bar<2', 'bar>=2'] }, bar: { '1': [], '2': [] } };
  expect(() => resolved(project(['foo']), universe)).toThrow('Incompatible constraints in requirements of foo (1):');
});

test('a local version that a range takes in, and that ruling out does not take from it, ends the search', () => {
  const universe = { lib: { '1.0': [], '2.0+local': ['base<3'] }, base: { '1.0': [], '3.0': [] } };
  expect(summary(resolved(project(['base==3.*', 'lib<=2.0']), universe))).toEqual(['base 3.0', 'lib 1.0']);
  expect(() => searched(project(['base==3.*', 'lib!=1.0,<=2.0']), universe)).toThrow(
    'lib (2.0+local) cannot be used, and !=1.0,<=2.0 cannot be had without it.',
  );
});

test('everything about to be weighed is announced', () => {
  const announced: string[] = [];
  resolved(project(['a', 'foo', 'leaf']), FIXTURE, {
    onQuestion: (question) => {
      if (question.kind === 'prefetch') announced.push(question.wishes.map(({ name }) => name).join(' '));
    },
  });
  expect(announced[0]?.split(' ').sort()).toEqual(['a', 'foo', 'leaf']);
});

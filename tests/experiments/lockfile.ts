/** What ends up in a lock, and why: X1 to X26. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Experiment } from './play.ts';
import type { Universe } from './universe.ts';
import { project, source, toolPoetry } from './write.ts';

/** A little of everything. */
export const FIXTURE: Universe = {
  pre: { '1.0a1': [], '1.0a2': [] },
  mixpre: { '1.0': [], '2.0b1': [] },
  yank: { '1.0': [], '1.1': { yanked: true }, '2.0': { yanked: 'bad' } },
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

const X1: Experiment = {
  name: 'X1: requirements, an extra and a group, as in real projects',
  universe: {
    requests: {
      '2.31.0': ['charset-normalizer <4,>=2', 'idna <4,>=2.5', 'urllib3 <3,>=1.21.1', 'certifi >=2017.4.17'],
      '2.32.5': {
        python: '>=3.9',
        requires: [
          'charset_normalizer<4,>=2',
          'idna<4,>=2.5',
          'urllib3<3,>=1.21.1',
          'certifi>=2017.4.17',
          'PySocks!=1.5.7,>=1.5.6; extra == "socks"',
          'chardet<6,>=3.0.2; extra == "use-chardet-on-py3"',
        ],
      },
    },
    'charset-normalizer': {
      '3.4.4': {
        files: ['charset_normalizer-3.4.4-cp312-cp312-win_amd64.whl', 'charset_normalizer-3.4.4-py3-none-any.whl'],
      },
    },
    idna: { '3.11': ['ruff>=0.6.2; extra == "all"'] },
    urllib3: { '2.5.0': ['brotli>=1.0.9; platform_python_implementation == "CPython" and extra == "brotli"'] },
    certifi: { '2025.11.12': [] },
    pysocks: { '1.7.1': { python: '>=2.7, !=3.0.*, !=3.1.*' } },
    colorama: { '0.4.6': { python: '!=3.0.*,!=3.1.*,!=3.2.*,>=2.7' } },
    click: {
      '8.3.1': { requires: ['colorama; platform_system == "Windows"'], python: '>=3.10' },
      '8.1.8': ['colorama; platform_system == "Windows"'],
    },
    pytest: {
      '9.0.1': { requires: ['iniconfig>=1.0.1', 'pluggy<2,>=1.5'], python: '>=3.10' },
      '8.4.2': {
        python: '>=3.9',
        requires: [
          "colorama>=0.4; sys_platform == 'win32'",
          "exceptiongroup>=1; python_version < '3.11'",
          'iniconfig>=1',
          'pluggy<2,>=1.5',
          "tomli>=1; python_version < '3.11'",
        ],
      },
    },
    iniconfig: { '2.1.0': [] },
    pluggy: { '1.6.0': ['pre-commit; extra == "dev"'] },
    exceptiongroup: { '1.3.1': ["typing-extensions>=4.6.0; python_version < '3.13'"] },
    'typing-extensions': { '4.15.0': [] },
    tomli: { '2.3.0': [] },
  },
  steps: [
    {
      write: {
        'pyproject.toml': project(
          ['requests[socks]>=2.31', "colorama; sys_platform == 'win32'"],
          '[project.optional-dependencies]\nFoo_Bar = ["click (>=8)"]\n\n[dependency-groups]\ndev = ["pytest>=7"]\n',
        ),
      },
    },
  ],
};

const X2: Experiment = {
  name: 'X2: how requirements and texts are written down',
  universe: {
    multi: {
      '1.0': {
        summary: 'quote " back\\slash tab\t uni é … \u0007 del\u007f',
        requires: [
          "numpy>=1.20; python_version < '3.11'",
          'numpy (>=2.0) ; python_version >= "3.11"',
          'wild==1.*',
          'tilde~=1.4',
          'nstar!=1.5.*,>=1',
          'punct>1,!=2,<3',
          'eq==1.0',
          'triple===1.0',
          'anyv',
          'le<=2',
          'tilde3~=1.4.5',
          'Under_Score>=1',
          "under-score<9; sys_platform == 'win32'",
          'post>1.0,<2.0.dev0',
          "inop; python_version in '3.9, 3.10'",
          "notinop; sys_platform not in 'win32 linux'",
          "swap; 'linux' in sys_platform",
          "pyimpl; python_implementation == 'CPython' and os.name == 'nt'",
          "ext1>=1; extra == 'Test_X'",
          "ext2; extra == 'b' and python_version < '3.10'",
          "ext2<5; extra == 'a'",
          'self-ref; extra == "all"',
          "numpy<3; extra == 'Test_X'",
        ],
      },
    },
    numpy: { '1.26': [], '2.3': [], '3.0': [] },
    wild: { '1.4': [] },
    tilde: { '1.9': [] },
    nstar: { '1.5.1': [], '1.4': [] },
    punct: { '2': [], '2.5': [] },
    eq: { '1.0': [] },
    triple: { '1.0': [] },
    anyv: { '1.2.3+Local.1': [] },
    le: { '2': [] },
    tilde3: { '1.4.9': [], '1.5': [] },
    'under-score': { '1.0': [] },
    post: { '1.0.post1': [], '1.5': [] },
    inop: { '1': [] },
    notinop: { '1': [] },
    swap: { '1': [] },
    pyimpl: { '1': [] },
    ext1: { '1': [] },
    ext2: { '4': [] },
    'self-ref': { '1': [] },
  },
  steps: [{ write: { 'pyproject.toml': project(['multi[Test.X]']) } }],
};

const X4: Experiment = {
  name: 'X4: groups, extras, Python branches',
  universe: FIXTURE,
  steps: [
    {
      write: {
        'pyproject.toml': project(
          ['pre>=1.0a1', 'mixpre', 'yank', 'pyd', 'loc>=1', 'cyc1'],
          `[project.optional-dependencies]
zeta = ["leaf<3"]
ALPHA_b = ["a", "leaf<3"]

[dependency-groups]
zed = ["a; python_version >= '3.12'", "foo"]
"Dev.X" = ["foo; sys_platform == 'linux'", {include-group = "zed"}]
opt = ["b"]

[tool.poetry.group.opt]
optional = true
`,
        ),
      },
    },
  ],
};

const X5: Experiment = {
  name: 'X5: requirements that are never needed together get a release each',
  universe: FIXTURE,
  steps: [{ write: { 'pyproject.toml': project(['xa', 'xb']) } }],
};

const X6: Experiment = {
  name: 'X6: groups that share a requirement share its marker',
  universe: FIXTURE,
  steps: [
    {
      write: {
        'pyproject.toml': project(
          [],
          '[dependency-groups]\ng1 = ["foo; sys_platform == \'linux\'"]\ng2 = ["foo; sys_platform == \'win32\'"]\n',
        ),
      },
    },
  ],
};

const X6b: Experiment = {
  name: 'X6b: a release that a group never needs is marked <empty> for it',
  universe: FIXTURE,
  steps: [
    {
      write: {
        'pyproject.toml': project(
          ["foo; sys_platform == 'linux'"],
          '[dependency-groups]\ng2 = ["foo<2; sys_platform == \'win32\'"]\ng3 = ["foo; sys_platform == \'darwin\'"]\n',
        ),
      },
    },
  ],
};

const X7: Experiment = {
  name: 'X7: a source that is explicit, then primary',
  universe: FIXTURE,
  hosts: { universes: { 'leg.example': FIXTURE } },
  steps: [
    {
      write: {
        'pyproject.toml': project(
          ['foo<2', 'leaf', 'xb'],
          `[tool.poetry.dependencies]\nfoo = {source = "Leg"}\n${source('Leg', 'http://leg.example/simple/', 'explicit')}`,
        ),
      },
    },
    {
      write: {
        'pyproject.toml': project(['foo<2', 'leaf', 'xb'], source('Leg', 'http://leg.example/simple/')),
        'poetry.lock': undefined,
      },
    },
  ],
};

const X8: Experiment = {
  name: 'X8: a lock is kept as far as it fits',
  universe: FIXTURE,
  steps: [
    { write: { 'pyproject.toml': project(['foo<2', 'leaf', 'a']) } },
    { write: { 'pyproject.toml': project(['foo>=1', 'leaf', 'mixpre', 'a']) } },
    {},
    { run: ['lock', '--regenerate'] },
    { write: { 'pyproject.toml': project(['foo>=1', 'leaf', 'mixpre']) } },
    {},
  ],
};

const X9: Experiment = {
  name: 'X9: the words of [tool.poetry]',
  universe: FIXTURE,
  steps: [
    {
      write: {
        'pyproject.toml': toolPoetry(
          `python = "^3.9"
foo = [{version = "<2", python = "<3.11"}, {version = ">=2", markers = "python_version >= '3.11'"}]
leaf = {version = "^1", optional = true}
a = {version = "*", optional = true, python = "~3.9 || >3.11"}
mixpre = {version = "*", allow-prereleases = true}
allx = {version = "*", extras = ["e1", "e3"]}
common = {version = "*", platform = "darwin"}
`,
          `[tool.poetry.extras]
Leafy_X = ["leaf", "a"]
aa = ["leaf"]

[tool.poetry.group.dev.dependencies]
foo = {version = ">=1", python = "<3.10"}

[tool.poetry.group.docs]
optional = true
include-groups = ["dev"]

[tool.poetry.group.docs.dependencies]
yank = "1.1"
`,
        ),
      },
    },
  ],
};

const X10: Experiment = {
  name: 'X10: both tables: [tool.poetry] adds detail to [project], and names of its own only where these are dynamic',
  universe: FIXTURE,
  steps: [
    {
      write: {
        'pyproject.toml': project(
          ['foo', 'mixpre', "leaf; python_version < '3.12'"],
          `[tool.poetry.dependencies]
foo = {version = "<2", python = ">=3.10"}
mixpre = {allow-prereleases = true}
leaf = [{version = "<2", python = "<3.10"}, {version = ">=2", python = ">=3.10"}]
a = "*"
`,
        ),
      },
    },
    {
      write: {
        'pyproject.toml': `[project]
name = "root"
version = "1.0"
requires-python = ">=3.9"
dynamic = ["dependencies"]

[project.optional-dependencies]
x = ["foo"]

[tool.poetry.dependencies]
python = ">=3.10"
a = "*"
foo = {version = "<2", optional = true}
`,
      },
    },
  ],
};

const X11: Experiment = {
  name: 'X11: the order of requirements decides what is met first',
  universe: FIXTURE,
  steps: [
    { write: { 'pyproject.toml': project(['b', 'a', 'common']) } },
    { write: { 'pyproject.toml': project(['common', 'a', 'b']), 'poetry.lock': undefined } },
  ],
};

const X13: Experiment = {
  name: 'X13: a folder in main and in a group; what is said already is not written anew; line ends',
  universe: FIXTURE,
  steps: [
    {
      write: {
        'dd/pyproject.toml': '[project]\nname = "dd"\nversion = "0.1"\ndependencies = ["foo"]\n',
        'pyproject.toml': toolPoetry(
          'python = ">=3.9"\ndd = {path = "dd", develop = true, markers = "sys_platform == \'linux\'"}',
          '[tool.poetry.group.x.dependencies]\ndd = {path = "dd", develop = true}\n',
        ),
      },
    },
    {
      write: {
        'pyproject.toml': toolPoetry(
          'python = ">=3.9"\ndd = {path = "dd", develop = true}',
          '[tool.poetry.group.x.dependencies]\ndd = {path = "dd", develop = true, markers = "sys_platform == \'linux\'"}\n',
        ),
        'poetry.lock': undefined,
      },
    },
    {
      prepare: (at) => at.write('poetry.lock', (at.read('poetry.lock') ?? '').replace('Poetry 2.5.1', 'Poetry 2.1.0')),
    },
    {
      prepare: (at) => at.write('poetry.lock', (at.read('poetry.lock') ?? '').replaceAll('\n', '\r\n')),
      write: { 'dd/pyproject.toml': '[project]\nname = "dd"\nversion = "0.2"\ndependencies = ["foo", "leaf<2"]\n' },
    },
  ],
};

const X14: Experiment = {
  name: 'X14: no requirements',
  steps: [
    { write: { 'pyproject.toml': '[project]\nname = "root"\nversion = "1"\nrequires-python = ">=3.9"\n' } },
    {
      write: {
        'pyproject.toml': '[tool.poetry]\nname = "root"\nversion = "1"\ndescription = ""\nauthors = []\n',
        'poetry.lock': undefined,
      },
    },
  ],
};

const X15: Experiment = {
  name: 'X15: yanked releases that are locked already',
  universe: FIXTURE,
  steps: [
    { write: { 'pyproject.toml': project(['yank==1.1']) }, says: 'yanked' },
    { write: { 'pyproject.toml': project(['yank>=1']) } },
    { run: ['update', '--lock'] },
  ],
};

const EXTRAS_OF_X16 = `a = ["foo<2; python_version < '3.11'", "foo>=2; python_version >= '3.11'", "mixpre"]\nb = ["mixpre"]\n`;
const X16: Experiment = {
  name: 'X16: extras of the project, and one that names the project itself',
  universe: { ...FIXTURE, needy: { '1': ['root'] }, needyx: { '1': ['root[a]'] }, needy2: { '1': ['root>=2'] } },
  steps: [
    { write: { 'pyproject.toml': project([], `[project.optional-dependencies]\n${EXTRAS_OF_X16}`) } },
    { write: { 'pyproject.toml': project(['needy']) } },
    { write: { 'pyproject.toml': project(['needyx']) } },
    { write: { 'pyproject.toml': project(['needy2']) }, code: 1, says: 'and root is 1.0, version solving failed.' },
    {
      write: { 'pyproject.toml': project(['root']) },
      code: 1,
      says: "Package 'root' is listed as a dependency of itself.",
    },
    { write: { 'pyproject.toml': project(['needy'], `[project.optional-dependencies]\n${EXTRAS_OF_X16}`) } },

    {
      write: {
        'pyproject.toml': project([], `[project.optional-dependencies]\n${EXTRAS_OF_X16}all = ["root[a,b]"]\n`),
      },
      code: 1,
      says: 'listed as a dependency of itself',
      isTaken: true,
    },
    {
      write: {
        'pyproject.toml': project(
          [],
          `[project.optional-dependencies]\n${EXTRAS_OF_X16}all = ["foo<2; python_version < '3.11'", "foo>=2; python_version >= '3.11'", "mixpre", "mixpre"]\n`,
        ),
      },
    },
  ],
};

const X17: Experiment = {
  name: 'X17: a release for fewer Pythons than the project',
  universe: FIXTURE,
  steps: [
    {
      write: { 'pyproject.toml': project(['leaf>=2']) },
      code: 1,
      says: 'leaf requires Python >=3.10, so it will not be installable for Python >=3.9,<3.10',
    },
  ],
};

const X18: Experiment = {
  name: 'X18: names with dots, spellings, files in order, extras of requirements',
  universe: {
    zz: {
      '1.0': {
        summary: null,
        requires: [
          'zope.interface>=1',
          "foo[Bx,a_1]>=1; python_version<'3.12'",
          "foo>=1 ; extra == 'e'",
          'bar[a,b]',
          'Zope_Interface<9',
        ],
      },
    },
    'zope-interface': { '8': [] },
    foo: { '1': ["bar; extra == 'bx'"] },
    bar: { '1': ["qux; extra=='a'", "qux; extra=='b' and sys_platform=='linux'"] },
    qux: {
      '1.0': {
        files: [
          'qux-1.0-py3-none-any.whl',
          'qux-1.0.tar.gz',
          'qux-1.0-cp311-cp311-win_amd64.whl',
          'Qux-1.0-cp310-cp310-win_amd64.whl',
        ],
      },
    },
  },
  steps: [{ write: { 'pyproject.toml': project(['zz[e]']) } }],
};

const X19: Experiment = {
  name: 'X19: alternatives within one package split the search',
  universe: {
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
  },
  steps: [{ write: { 'pyproject.toml': project(['o1'], '', '>=3.9,<4') } }],
};

const X21_UNIVERSE: Universe = {
  ex: {
    '1': ["qux; extra=='a' and sys_platform=='win32'", "qux; extra=='b' and sys_platform=='linux'", "c; extra == 'b'"],
  },
  qux: { '1': [] },
  c: { '1': [] },
};
const X21: Experiment = {
  name: 'X21: extras that are asked for change the list of extras',
  universe: X21_UNIVERSE,
  steps: [
    { write: { 'pyproject.toml': project(['ex']) } },
    { write: { 'pyproject.toml': project(['ex[a,b]']), 'poetry.lock': undefined } },
  ],
};

const X22: Experiment = {
  name: 'X22: the base of a package with extras has the marker of who came first',
  universe: {
    pa: { '1': ["foo[x]; sys_platform=='linux'"] },
    pb: { '1': ["foo[x]; sys_platform=='win32'"] },
    foo: { '1': ["qux; extra=='x'", 'c'] },
    qux: { '1': [] },
    c: { '1': [] },
  },
  steps: [
    { write: { 'pyproject.toml': project(['pa', 'pb']) } },
    { write: { 'pyproject.toml': project(['pb', 'pa']), 'poetry.lock': undefined } },
  ],
};

const X23: Experiment = {
  name: 'X23: a release for newer Pythons where only these reach it',
  universe: {
    narrow: { '1': { python: '>=3.8' }, '2': { python: '>=3.11' } },
    par: { '1': ["narrow; python_version >= '3.11'"] },
    par2: { '1': ['narrow'] },
  },
  steps: [
    { write: { 'pyproject.toml': project(['par']) } },
    { write: { 'pyproject.toml': project(['par', 'par2']), 'poetry.lock': undefined } },
  ],
};

const X24: Experiment = {
  name: 'X24: pre-releases where nothing stable fits, yanked ones only when named, local versions',
  universe: {
    vers: { '0.9': { yanked: true }, '1.0': [], '1.0.post1': [], '1.1a1': [], '1.1.dev1': [] },
    point: { '1.0': [], '1.0.post1': [] },
    torch: { '2.0': [], '2.0+cpu': [] },
    dual: { '1': ['narrow (>=1)', "narrow (<2) ; extra == 'old'"] },
    narrow: { '1': { python: '>=3.8' }, '2': { python: '>=3.11' } },
  },
  steps: [
    { write: { 'pyproject.toml': project(['vers>1.0']) } },
    { write: { 'pyproject.toml': project(['vers<1.0']), 'poetry.lock': undefined }, code: 1 },
    { write: { 'pyproject.toml': project(['vers==0.9']) } },
    { write: { 'pyproject.toml': project(['vers>=1.1.dev0']), 'poetry.lock': undefined } },
    { write: { 'pyproject.toml': project(['vers>1.0.post1']), 'poetry.lock': undefined } },
    { write: { 'pyproject.toml': project(['point!=1.0']), 'poetry.lock': undefined }, code: 1 },
    { write: { 'pyproject.toml': project(['torch==2.0']) } },
    { write: { 'pyproject.toml': project(['dual[old]']), 'poetry.lock': undefined } },
  ],
};

const X25: Experiment = {
  name: 'X25: a second lock keeps what is needed, which Poetry loses',
  universe: FIXTURE,
  steps: [
    {
      write: {
        'pyproject.toml': toolPoetry('python = ">=3.9"\na = "*"\ncommon = {version = "*", platform = "darwin"}'),
      },
    },
    { says: "common (2.0) requires leaf (*): Poetry's lock would leave it out", differs: () => golden('X25.1.lock') },
  ],
};

const X26: Experiment = {
  name: 'X26: markers that mean nothing are left out, requirements that cannot be read too',
  universe: {
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
  },
  steps: [{ write: { 'pyproject.toml': project(['u']) } }],
};

export const LOCKFILE: readonly Experiment[] = [
  X1,
  X2,
  X4,
  X5,
  X6,
  X6b,
  X7,
  X8,
  X9,
  X10,
  X11,
  X13,
  X14,
  X15,
  X16,
  X17,
  X18,
  X19,
  X21,
  X22,
  X23,
  X24,
  X25,
  X26,
];

/** A lock that Poetry wrote. */
function golden(file: string): string {
  return readFileSync(join(import.meta.dir, 'golden', file), 'utf8');
}

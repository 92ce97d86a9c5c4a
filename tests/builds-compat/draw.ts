/** Projects drawn by chance: every part that a build looks at, in forms that are right, odd or wrong. */

import { Dice } from '../support/dice.ts';
import type { Draft, Project } from './project.ts';

type Toml = string | boolean | readonly Toml[] | { readonly [key: string]: Toml | undefined };
type Table = Record<string, Toml>;

/** What a project is made of while it is drawn. */
interface Sketch {
  readonly project: Table;
  readonly poetry: Table;
  readonly files: Record<string, Draft>;
  /** Whether what stands in both tables goes to `[tool.poetry]`. */
  readonly isClassic: boolean;
}

/** The project of this number. */
export function drawProject(seed: number): Project {
  const dice = new Dice(seed);
  const sketch: Sketch = { project: {}, poetry: {}, files: {}, isClassic: dice.chance(0.4) };
  drawIdentity(dice, sketch);
  drawFiles(dice, sketch);
  for (const draw of [drawPackages, drawIncludes, drawReadme, drawLicense, drawPeople, drawAddresses]) {
    if (dice.chance(0.4)) draw(dice, sketch);
  }
  for (const draw of [drawWords, drawPythons, drawRequirements, drawScripts, drawGroups, drawSetup]) {
    if (dice.chance(0.35)) draw(dice, sketch);
  }
  const { project, poetry, files } = sketch;
  // Poetry takes ignored files beyond ASCII for ones that are not.
  const isPlain = Object.keys(files).every((path) => /^[\x20-\x7e]*$/.test(path) && !path.includes('"'));
  const git = isPlain && dice.chance(0.3) ? '.' : undefined;
  if (git !== undefined && dice.chance(0.8)) files['.gitignore'] = `${dice.some(IGNORED, 4).join('\n')}\n`;
  files['pyproject.toml'] = [
    ...(Object.keys(project).length === 0 ? [] : ['[project]', ...lines(project)]),
    ...(Object.keys(poetry).length === 0 ? [] : ['[tool.poetry]', ...lines(poetry)]),
    '[build-system]\nrequires = ["poetry-core>=2"]\nbuild-backend = "poetry.core.masonry.api"\n',
  ].join('\n');
  return {
    name: `drawn-${seed}`,
    files: Object.fromEntries(Object.entries(files).map(([path, draft]) => [`project/${path}`, draft])),
    folder: 'project',
    ...(git === undefined ? {} : { git: 'project' }),
    args: ['-o', '../out', ...(dice.chance(0.3) ? dice.one(ARGUMENTS) : [])],
    ...(dice.chance(0.15) ? { env: { SOURCE_DATE_EPOCH: dice.one(EPOCHS) } } : {}),
  };
}

function lines(table: Table): string[] {
  return Object.entries(table).map(([key, value]) => `${toml(key)} = ${toml(value)}`);
}

function toml(value: Toml): string {
  if (typeof value !== 'object') return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(toml).join(', ')}]`;
  const entries = Object.entries(value).filter(([, item]) => item !== undefined);
  return `{${entries.map(([key, item]) => `${toml(key)} = ${toml(item as Toml)}`).join(', ')}}`;
}

const ARGUMENTS = [
  ['-f', 'wheel'],
  ['-f', 'sdist'],
  ['-f', 'all'],
  ['--clean'],
  ['--local-version', 'cu118'],
  ['--local-version', 'Ubuntu-1.x'],
  ['--local-version', ''],
  ['-c', 'local-version=one'],
  ['-c', 'other=1', '-c', 'local-version=2'],
  ['-q'],
];
const EPOCHS = [
  '0',
  '1700000000',
  '315532800',
  '315532799',
  '',
  'x',
  ' 1700000001 ',
  '1_700_000_000',
  '1.5',
  '4294967295',
];
const IGNORED = [
  '*.txt',
  '/demo/',
  'data',
  '!data.json',
  '*.md',
  'sub/',
  'sub/*.py',
  'LICENSE',
  '__pycache__',
  'bin',
  '/src',
  'README*',
  '*.so',
  '*',
];

// --- name, version, files ----------------------------------------------------------------------------------------------

function drawIdentity(dice: Dice, { project, poetry, isClassic }: Sketch): void {
  const name = dice.chance(0.8)
    ? 'demo'
    : dice.mostly(['Demo', 'DEMO', 'demo'], ['de-mo', 'De.mo_x', 'demo-', 'dé', 'demo stubs', 'x']);
  const version = dice.chance(0.6)
    ? '0.1.0'
    : dice.mostly(
        [
          '1',
          '01.2',
          '1!2.0',
          '1.0a1',
          '1.0-alpha.1',
          '1.0.post1',
          '1.0.dev0',
          '1.0+local.1',
          '1.0+Local-1',
          'v1.0',
          ' 1.0 ',
          '1.0rc',
          '2024.01.02',
          '1.0-1',
        ],
        ['x', '', '1.0+a b'],
      );
  const description = dice.chance(0.8)
    ? 'A demo'
    : dice.mostly(['', 'Ünï ✓', ' spaces ', 'a: b', 'tab\there', '"quoted"'], ['two\nlines']);
  const table = isClassic ? poetry : project;
  table.name = name;
  if (!isClassic && dice.chance(0.15)) {
    project.dynamic = [
      'version',
      ...dice.some(['readme', 'classifiers', 'dependencies', 'requires-python', 'license', 'scripts'], 2),
    ];
    poetry.version = version;
  } else table.version = version;
  table.description = description;
  if (isClassic && dice.chance(0.9)) poetry.authors = ['Ada Lovelace <ada@example.com>'];
  if (dice.chance(0.03)) poetry['package-mode'] = dice.chance(0.5);
  if (dice.chance(0.03)) table.unknown = 'x';
}

const PLACES = [
  'demo',
  'demo',
  'demo',
  'demo/sub',
  'demo/sub/deep.er',
  'demo/data',
  'demo/__pycache__',
  'src/demo',
  'src/demo/sub',
  'src',
  'other',
  'other/in',
  'lib/ns/one',
  'lib/ns/two',
  'demo-stubs',
  'data',
  'tests',
  '.',
  '.',
  'bin',
  'LICENSES',
  'legal/more',
  'De_mo',
  'x',
  'a b',
  'é',
];
const NAMES = [
  '__init__.py',
  '__init__.py',
  'a.py',
  'b.py',
  'c.pyi',
  '__init__.pyi',
  'py.typed',
  'data.json',
  'a.txt',
  'b.txt',
  '.hidden',
  'old.pyc',
  'é.py',
  'with space.txt',
  'a,b.txt',
  'q"x.txt',
  'A.py',
  'x.so',
  'README.md',
  'README',
  'README.rst',
  'LICENSE',
  'LICENCE.txt',
  'COPYING',
  'AUTHORS',
  'NOTICE.md',
  'run',
  'run.sh',
  'demo.py',
  'setup.py',
  'setup.cfg',
  'MANIFEST.in',
  '[x].txt',
  'sub',
  'PKG-INFO',
  'e\u0301.txt',
  '~x',
  '-x',
  'noend.',
  '日本.py',
];

function drawFiles(dice: Dice, { files }: Sketch): void {
  const home = dice.one([
    'demo/__init__.py',
    'demo/__init__.py',
    'demo/__init__.py',
    'src/demo/__init__.py',
    'demo.py',
    'src/demo.py',
    'demo/a.py',
    'de_mo/__init__.py',
    'other/__init__.py',
  ]);
  put(files, home, 'x = 1\n');
  for (let count = Math.floor(dice.roll() * 12); count > 0; count--) {
    const place = dice.one(PLACES);
    const path = dice.one(NAMES);
    put(files, place === '.' ? path : `${place}/${path}`, drawContents(dice));
  }
  if (dice.chance(0.15)) {
    const [link, target, file] = dice.one([
      ['demo/link.py', 'a.py', 'demo/a.py'],
      ['demo/linked', '../data', 'data/a.txt'],
      ['link', 'demo', 'demo/a.py'],
      ['src/demo/link', '../../other', 'other/b.py'],
      ['other/link.txt', '../demo/a.py', 'demo/a.py'],
      ['demo/up', '..', 'demo/a.py'],
    ] as const);
    put(files, file, 'x = 1\n');
    if (file in files) put(files, link, { link: target });
  }
  if (dice.chance(0.2))
    put(files, dice.one(['demo/empty', 'empty', 'src/demo/empty', 'other', 'data', 'demo/sub/empty', 'demo-stubs']), {
      folder: true,
    });
}

function drawContents(dice: Dice): Draft {
  const text = dice.one(['', 'x = 1\n', '# Title\n\nText.\n', 'a\r\nb\r\n', 'Ünïcode\n', '\ufeffbom\n', 'no end']);
  if (dice.chance(0.1)) return { executable: `#!/usr/bin/env python\n${text}` };
  return dice.chance(0.03) ? { bytes: [0, 255, 13, 10, 128] } : text;
}

/** Puts a file where nothing stands in its way. */
function put(files: Record<string, Draft>, path: string, draft: Draft): void {
  const isTaken = Object.keys(files).some(
    (other) => other === path || other.startsWith(`${path}/`) || path.startsWith(`${other}/`),
  );
  if (!isTaken) files[path] = draft;
}

// --- what goes in --------------------------------------------------------------------------------------------------------

const GLOBS = [
  'demo',
  'demo/**/*',
  'demo/**/*.py',
  'demo/*.py',
  '**/*.py',
  'demo/sub',
  '*.txt',
  'data',
  'data/',
  'data/**',
  'd[ae]mo',
  './demo',
  'demo/../data',
  'missing',
  '**',
  '**/*',
  'demo/**/data.json',
  'src/demo',
  'src',
  'other',
  'other/*',
  'lib/ns',
  'ns',
  'ns/**/*',
  'demo-stubs',
  '*.md',
  'LICEN[CS]E*',
  'demo/__pycache__',
  '.*',
  '*',
  'tests',
  'a b',
  'é',
  'é*',
  'bin/run',
  'demo.py',
  'demo/[!_]*',
  'demo/',
  'demo/a.py',
  'demo/link',
  'demo/linked',
  'demo/empty',
  '[x].txt',
  '[[]x].txt',
  'README*',
  '**/sub/**',
  'build',
];
const WRONG_GLOBS = ['../x', '/abs', '', '**x'];
const FORMATS: readonly Toml[] = ['sdist', 'wheel', ['sdist'], ['wheel'], ['sdist', 'wheel'], ['wheel', 'sdist']];

function drawPackages(dice: Dice, { poetry, files }: Sketch): void {
  const tos = ['target', 'a/b', '', '.', './x', 'demo', 'x/'];
  poetry.packages = Array.from({ length: dice.one([1, 1, 2]) }, () => ({
    ...drawPlace(dice, Object.keys(files)),
    ...(dice.chance(0.3) ? { to: dice.one(tos) } : {}),
    ...(dice.chance(0.3) ? { format: dice.one(FORMATS) } : {}),
  }));
}

/** What to include, mostly something that is there, and from where. */
function drawPlace(dice: Dice, files: readonly string[]): { readonly include: string; readonly from?: string } {
  const modules = files.filter((path) => path.endsWith('.py') && !path.includes('__pycache__'));
  if (modules.length === 0 || dice.chance(0.1))
    return { include: dice.one(GLOBS), from: dice.one(['src', 'lib', 'missing', '']) };
  const parts = dice.one(modules).split('/');
  const end = dice.chance(0.7) ? Math.max(1, parts.length - 1) : parts.length;
  const start = dice.chance(0.4) ? Math.floor(dice.roll() * end) : 0;
  const include =
    parts.slice(start, end).join('/') +
    (end < parts.length ? dice.one(['', '', '', '/', '/*', '/**/*', '/**/*.py', '/*.py']) : '');
  if (start === 0) return { include, ...(dice.chance(0.1) ? { from: dice.one(['.', '']) } : {}) };
  return { include, from: dice.one(['', './']) + parts.slice(0, start).join('/') + dice.one(['', '', '/']) };
}

function drawIncludes(dice: Dice, { poetry }: Sketch): void {
  if (dice.chance(0.8)) {
    poetry.include = Array.from({ length: dice.one([1, 2, 3]) }, () => dice.mostly(GLOBS, WRONG_GLOBS)).map((path) =>
      dice.chance(0.4) ? path : { path, ...(dice.chance(0.8) ? { format: dice.one(FORMATS) } : {}) },
    );
  }
  if (dice.chance(0.6)) poetry.exclude = [dice.mostly(GLOBS, WRONG_GLOBS), ...dice.some(GLOBS, 2)];
}

function drawSetup(dice: Dice, { poetry }: Sketch): void {
  poetry.build = dice.chance(0.9) ? { 'generate-setup-file': dice.chance(0.9) } : dice.one<Toml>([{}, '', false]);
}

// --- metadata ------------------------------------------------------------------------------------------------------------

function drawReadme(dice: Dice, { project, poetry, files, isClassic }: Sketch): void {
  const known = dice.one([['README.md', 'docs/README.markdown'], ['README.rst'], ['README', 'README.txt', 'x.MD']]);
  for (const path of known) put(files, path, dice.one(['# Title\n\nText.\n', 'a\r\nb\r\n', 'Ünïcode', '']));
  const path = (): string => dice.mostly([...known, `./${known[0]}`], ['missing.md', '', 'demo']);
  if (isClassic || dice.chance(0.2)) poetry.readme = dice.chance(0.5) ? path() : [path(), path()];
  else {
    if (dice.chance(0.02)) project.readme = { file: path() };
    else
      project.readme = dice.one<Toml>([
        path(),
        { file: path(), 'content-type': dice.one(['text/markdown', 'text/x-rst', 'text/plain; charset=UTF-8', '']) },
        { text: dice.one(['# Hi\n\nthere\n', '', 'ü', 'a\r\nb']), 'content-type': 'text/markdown' },
      ]);
  }
}

function drawLicense(dice: Dice, { project, poetry, files, isClassic }: Sketch): void {
  const ids = [
    'MIT',
    'mit',
    'Apache-2.0',
    'GPL-3.0-or-later',
    'gpl-3.0+',
    'MIT OR Apache-2.0',
    'mit and (bsd-3-clause or isc)',
    'GPL-2.0-only WITH Classpath-exception-2.0',
    'Proprietary',
    'LicenseRef-Own',
    'My Licence',
    '',
    'GPL-3.0',
    'BSD',
    'Two\nlines\n\nthree',
    'LGPLv2+',
    '0BSD',
    'Unlicense',
  ];
  for (const path of ['LICENSE', 'legal/more/a.txt', 'OWN'])
    if (dice.chance(0.5)) put(files, path, dice.one(['MIT\n', 'Line\n\nLine 2\r\nx\n', ' indent\n', '']));
  if (isClassic) {
    poetry.license = dice.one(ids);
    return;
  }
  const there = Object.keys(files);
  if (dice.chance(0.8))
    project.license = dice.one<Toml>([
      dice.one(ids),
      dice.one(ids),
      { text: dice.one(ids) },
      { file: dice.mostly(there, ['missing', './OWN']) },
    ]);
  if (dice.chance(0.4) && (typeof project.license === 'string' || dice.chance(0.05))) {
    const globs = [
      '*',
      '**/*',
      'pyproject.toml',
      ...there,
      './pyproject.toml',
      'p*.toml',
      ...there.map((path) => path.replace(/[^/]*$/, '*')),
    ];
    project['license-files'] = dice.chance(0.1)
      ? []
      : [dice.one(globs), dice.mostly(globs, ['missing*', '../x', 'a\\b', '**', 'legal'])];
  }
}

function drawPeople(dice: Dice, { project, poetry, isClassic }: Sketch): void {
  const people = [
    'Ada <ada@example.com>',
    'Only',
    'Ünï Cödé <u@example.com>',
    'e\u0301 <e@x.org>',
    'A, B <ab@example.com>',
    'a@example.com',
    'O\'Neil "N" <o@n.org>',
    'A (b) <c@d>',
    ' A <a@b>',
    'A  <a@b>',
    '日本 太郎 <t@example.jp>',
  ];
  const wrong = ['<a@b>', 'A <a@b> C', 'A <>', 'A<a@b>', ''];
  const tables: Toml[] = [
    { name: 'Ada', email: 'ada@example.com' },
    { name: 'Only' },
    { email: 'only@example.com' },
    { name: 'A, B', email: 'a@b.org' },
    { name: 'e\u0301' },
    { name: ' Two  Words ', email: 'A+b@c.d' },
  ];
  const wrongTables: Toml[] = [
    {},
    { name: '', email: 'a@b' },
    { name: 'X', email: '' },
    { name: 'A <b>' },
    { name: 'Ä', email: 'ä@ü' },
  ];
  for (const role of ['authors', 'maintainers']) {
    if (dice.chance(0.7)) {
      if (isClassic) poetry[role] = [dice.mostly(people, wrong), dice.mostly(people, wrong)];
      else project[role] = [dice.mostly(tables, wrongTables), ...dice.some(tables, 2)];
    }
  }
}

function drawAddresses(dice: Dice, { project, poetry, isClassic }: Sketch): void {
  const address = (): string =>
    dice.mostly(
      ['https://example.com', 'https://example.com/?a=b#c', 'http://x', 'ftp://y/'],
      ['https://example.com/a b', 'ftp://y/ü', 'not a url', ''],
    );
  const names = [
    'Homepage',
    'homepage',
    'Repository',
    'repository',
    'Documentation',
    'DOCUMENTATION',
    'Bug Tracker',
    'Source',
    'Changelog',
    'a',
    'Z',
    'ü',
    'With, comma',
  ];
  if (isClassic) {
    for (const name of ['homepage', 'repository', 'documentation']) if (dice.chance(0.5)) poetry[name] = address();
    if (dice.chance(0.6)) poetry.urls = Object.fromEntries(dice.some(names, 4).map((name) => [name, address()]));
  } else project.urls = Object.fromEntries(dice.some(names, 5).map((name) => [name, address()]));
}

function drawWords(dice: Dice, { project, poetry, isClassic }: Sketch): void {
  const words = ['one', 'two words', 'a,b', 'ü', '', 'Z'];
  const classifiers = [
    'Topic :: Utilities',
    'Development Status :: 4 - Beta',
    'License :: OSI Approved :: MIT License',
    'Programming Language :: Python :: 3.9',
    'Programming Language :: Python',
    'Programming Language :: Python :: 3 :: Only',
    'Private :: Do Not Upload',
    'Zzz',
    'Framework :: AsyncIO',
    'Programming Language :: Rust',
  ];
  const table = isClassic ? poetry : project;
  if (dice.chance(0.6)) table.keywords = dice.some(words, 4);
  if (dice.chance(0.6))
    (dice.chance(0.3) ? poetry : table).classifiers = dice.chance(0.1) ? [] : [...new Set(dice.some(classifiers, 4))];
}

const CONSTRAINTS = [
  '*',
  '^1.2',
  '~1.2',
  '>=1,<2',
  '1.2.3',
  '==1.*',
  '!=1.5',
  '>=1,!=1.5,<2',
  '^0.2',
  '<2 || >=3',
  '~=1.4.2',
  '>1',
  '<=2.0.post1',
  '1.0+local',
  '^1.0a1',
  '>=1.0.dev0',
  '2.*',
  '==1.2.*,!=1.2.3',
  '^1 || ^3',
  '',
];
const PYTHONS = [
  '>=3.8',
  '>=3.8,<4',
  '>=3.9,<3.13',
  '==3.*',
  '>=3.8,!=3.9.*',
  '~=3.9',
  '>=2.7,!=3.0.*,!=3.1.*',
  '>=3.10.2',
  '<4',
  '>3.8',
  '>= 3.8 , < 4',
  '>=3.8.1,!=3.9.0,!=3.9.1',
];
const CLASSIC_PYTHONS = [
  '^3.8',
  '~3.9',
  '3.9',
  '3.9.1',
  '^3.8.1',
  '>=3.8,<4',
  '*',
  '~2.7 || ^3.6',
  '>=2.7,<2.8 || >=3.5',
  '3',
  '3.*',
  '>=3.6 <3.12',
  '~3.7 || ~3.9',
  '^2.7 || ^3.4',
  '>=3.8,!=3.9.*',
  '<3.12',
  '>=3.8,!=3.9.1',
  '3.8 || 3.9',
  '^3.14',
  '>3',
  '==3.9.*',
  '~3',
  '!=3.9.*',
];

function drawPythons(dice: Dice, { project, poetry, isClassic }: Sketch): void {
  if (!isClassic && dice.chance(0.8))
    project['requires-python'] = dice.mostly(PYTHONS, ['', '*', '==3.12', '>=3.14', 'x', '==3.11.*']);
  if (isClassic || dice.chance(0.4))
    poetry.dependencies = { ...(poetry.dependencies as Table | undefined), python: dice.one(CLASSIC_PYTHONS) };
}

const MARKERS = [
  "python_version < '3.11'",
  'sys_platform == "win32"',
  "platform_machine == 'x86_64' or os_name == 'nt'",
  "python_full_version >= '3.9.1' and sys_platform != 'darwin'",
  "implementation_name == 'cpython'",
  "'linux' in sys_platform",
  "python_version in '3.8 3.9'",
  "extra == 'x'",
  "platform_release >= '5'",
  "python_version >= '3.8' and (sys_platform == 'linux' or extra == 'a')",
  "'3.9' <= python_version",
];
const PROJECTS = ['six', 'Requests', 'a.b_c', 'tomli', 'click', 'rich', 'demo-dep'];

function drawRequirements(dice: Dice, { project, poetry, isClassic }: Sketch): void {
  const written = (): string => {
    const extras = dice.chance(0.2) ? dice.one(['[x]', '[b,a]', '[A_b]', '[]']) : '';
    const range = dice.one([
      '',
      '>=1',
      ' (>=1,<2)',
      '~=1.4.2',
      '==1.0',
      '!=1.3.*, >= 1.0',
      '>1.0.post1',
      '===1.0',
      '==1.*',
      '<2,>=1,!=1.5',
      ' @ https://example.com/x-1.0.tar.gz',
      ' @ git+https://github.com/x/y.git@v1#subdirectory=s',
      '==1.0+local',
      '>=1.0a1',
      '==1.0.0,>=0.5',
    ]);
    return `${dice.one(PROJECTS)}${extras}${range}${dice.chance(0.3) ? ` ; ${dice.one(MARKERS)}` : ''}`;
  };
  const table = (): Toml => {
    const origin = dice.chance(0.8)
      ? { version: dice.one(CONSTRAINTS) }
      : dice.one<Record<string, Toml>>([
          { git: 'https://github.com/x/y.git', tag: 'v1' },
          { git: 'git@github.com:x/y.git', branch: 'b' },
          { url: 'https://example.com/x-1.0.zip' },
          { git: 'https://github.com/x/y', rev: 'abc', subdirectory: 's' },
        ]);
    return {
      ...origin,
      ...(dice.chance(0.2) ? { extras: dice.some(['x', 'b', 'A_c'], 2) } : {}),
      ...(dice.chance(0.3) ? { optional: dice.chance(0.8) } : {}),
      ...(dice.chance(0.2) ? { python: dice.one(['<3.9', '^3.8', '>=3.8,<3.12', '3.9', '~3.9 || ~3.11', '*']) } : {}),
      ...(dice.chance(0.2) ? { markers: dice.one(MARKERS) } : {}),
      ...(dice.chance(0.1) ? { platform: dice.one(['win32', 'linux', 'darwin || win32', '!=win32']) } : {}),
      ...(dice.chance(0.1) ? { 'allow-prereleases': true } : {}),
    };
  };
  const classic = (): Toml =>
    dice.one<Toml>([dice.one(CONSTRAINTS), dice.one(CONSTRAINTS), table(), [table(), table()]]);
  const extras = ['cli', 'All_Of-it', 'x', 'a.b', 'CLI'];
  if (!isClassic) {
    if (dice.chance(0.8)) project.dependencies = dice.some(PROJECTS, 4).map(written);
    if (dice.chance(0.4))
      project['optional-dependencies'] = Object.fromEntries(
        dice.some(extras, 3).map((extra) => [extra, dice.chance(0.1) ? [] : dice.some(PROJECTS, 2).map(written)]),
      );
  }
  if (isClassic || dice.chance(0.2)) {
    poetry.dependencies = {
      ...(poetry.dependencies as Table | undefined),
      ...Object.fromEntries(dice.some(PROJECTS, 4).map((name) => [name, classic()])),
    };
    if (dice.chance(0.4))
      poetry.extras = Object.fromEntries(
        dice.some(extras, 2).map((extra) => [extra, dice.some(Object.keys(poetry.dependencies as Table), 2)]),
      );
  }
}

const REFERENCES = [
  'demo:main',
  'demo.cli:run',
  'demo.cli:App.run',
  'demo',
  'demo : main',
  'demo:main [cli]',
  'demo:main[a,b]',
  'demo.é:x',
];
const COMMANDS = ['demo', 'a-z', 'a', 'x.y', 'demo.exe', '_', 'B'];

function drawScripts(dice: Dice, { project, poetry, files, isClassic }: Sketch): void {
  const points = (): Table =>
    Object.fromEntries(
      dice
        .some(COMMANDS, 3)
        .map((name) => [
          dice.mostly([name], ['with space', 'Ü', 'a=b', '']),
          dice.mostly(REFERENCES, [':x', '', 'a b']),
        ]),
    );
  if (!isClassic) {
    if (dice.chance(0.7)) project.scripts = points();
    if (dice.chance(0.4)) project['gui-scripts'] = points();
    if (dice.chance(0.4))
      project['entry-points'] = Object.fromEntries(
        dice
          .some(['demo.plugins', 'a_first', 'Z', 'b.c'], 3)
          .map((group) =>
            dice.mostly([group], ['console_scripts', 'console-scripts', 'gui-scripts', 'with space', 'ü']),
          )
          .map((group) => [group, dice.chance(0.1) ? {} : points()]),
      );
  }
  if (isClassic || dice.chance(0.3)) {
    put(files, 'bin/run', { executable: '#!/bin/sh\n' });
    put(files, 'bin/two.py', '#!python\n');
    poetry.scripts = Object.fromEntries(
      dice.some(COMMANDS, 3).map((name) => [
        name,
        dice.mostly<Toml>(
          [
            dice.one(REFERENCES),
            { reference: dice.one(REFERENCES), type: 'console' },
            {
              reference: dice.mostly(
                ['bin/run', 'bin/two.py', './bin/run'],
                ['bin', 'missing', '/abs', 'demo/../bin/run'],
              ),
              type: 'file',
            },
            { reference: dice.mostly(['bin/run', 'bin/two.py'], ['']), type: 'file' },
          ],
          [
            { reference: 'demo:x', extras: ['cli'], type: 'console' },
            { reference: 'demo:y' },
            { callable: 'demo:z' },
            { reference: 'demo:x', type: 'other' },
          ],
        ),
      ]),
    );
    if (dice.chance(0.4))
      poetry.plugins = Object.fromEntries(
        dice
          .some(['demo.plugins', 'b', 'A', 'console_scripts', 'console-scripts'], 2)
          .map((group) => [group, points()]),
      );
  }
}

function drawGroups(dice: Dice, { poetry }: Sketch): void {
  poetry.group = Object.fromEntries(
    dice.some(['dev', 'docs', 'main', 'Te_st'], 2).map((name) => [
      name,
      {
        ...(dice.chance(0.3) ? { optional: true } : {}),
        dependencies: { [dice.one(PROJECTS)]: dice.one(CONSTRAINTS) },
      },
    ]),
  );
}

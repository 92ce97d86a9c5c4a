/** The projects of drawn scenarios: what `pyproject.toml` may say, in any of its forms and layouts. */

import type { Dice } from '../support/dice.ts';

/** A key and its value, as TOML text. */
type Entry = readonly [key: string, value: string];

/** What is known of a project while it and its command lines are drawn. */
export interface Sketch {
  /** `legacy`: all in `[tool.poetry]`; `standard`: in `[project]`; `mixed`: in both. */
  readonly kind: 'legacy' | 'standard' | 'mixed';
  /** Tables, as text, in the order of the file. */
  readonly tables: string[];
  /** Path → text, without `pyproject.toml`. */
  readonly files: Record<string, string>;
  /** Normalised names that the main requirements and the groups ask for. */
  readonly required: Set<string>;
  /** Those that extras list too. */
  readonly inExtras: Set<string>;
  readonly extras: string[];
  readonly poetryGroups: string[];
  readonly standardGroups: string[];
  readonly sources: string[];
}

/** A project; its files are `sketch.files` and the text of `pyproject.toml`. */
export function drawProject(dice: Dice): Sketch {
  const sketch: Sketch = {
    kind: dice.one(['legacy', 'legacy', 'standard', 'standard', 'standard', 'mixed', 'mixed']),
    tables: [],
    files: dice.chance(0.5) ? { ...LIBRARIES } : {},
    required: new Set(),
    inExtras: new Set(),
    extras: [],
    poetryGroups: [],
    standardGroups: [],
    sources: dice.chance(0.3) ? [...new Set(dice.some(['corp', 'Mirror', 'pypi'], 2))] : [],
  };
  if (sketch.kind === 'legacy') drawLegacy(dice, sketch);
  else drawStandard(dice, sketch);
  if (dice.chance(0.6)) drawGroups(dice, sketch);
  drawSources(dice, sketch);
  drawTools(dice, sketch);
  return sketch;
}

// What projects ask for

/** Projects of the index, one of them of the other source only. */
export const NAMES = [
  ...['alpha', 'beta', 'gamma-ray', 'delta', 'epsilon', 'zeta', 'eta', 'kappa', 'mu', 'nu', 'xi', 'omicron'],
  ...['under-score', 'tau', 'corp-tool'],
];
const SPELLINGS: Readonly<Record<string, readonly string[]>> = {
  alpha: ['alpha', 'alpha', 'alpha', 'Alpha'],
  'gamma-ray': ['gamma-ray', 'gamma_ray', 'Gamma-Ray'],
  'under-score': ['under-score', 'Under_Score', 'under_score'],
};
const EXTRAS_OF: Readonly<Record<string, readonly string[]>> = { 'gamma-ray': ['fast', 'slow'], xi: ['a', 'b', 'A_b'] };
const PYTHONS = ['>=3.9', '>=3.9', '>=3.9', '^3.9', '>=3.9,<4.0', '>=3.10', '>=3.8,<3.13', '~3.11', '>=3.9,!=3.10.*'];
const STANDARD_PYTHONS = PYTHONS.filter((range) => !/^[\^~]/.test(range));
const RANGES = ['', '', '>=1', '>=1.0,<3.0', '<3', '!=1.5', '~=1.0', '==1.*', '==1.0', '>0', '>=0.1', ' (>=1.0,<2.0)'];
const POETRY_RANGES = [
  ...[
    '*',
    '*',
    '^1',
    '^1.0',
    '~1.0',
    '>=1',
    '>=1.0,<3',
    '<2',
    '!=1.5',
    '^0.1',
    '>=0.1',
    '1.*',
    '^1 || ^2',
    '>0',
    '1.0',
  ],
  ...['~0', '>= 0.1, < 9', '^2020.1', '<=1.0', '>=1.0.dev1', '!=1.*', '==1.0 || ==2.0'],
];
export const MARKERS = [
  "sys_platform == 'linux'",
  "sys_platform == 'win32'",
  "python_version < '3.11'",
  "python_version >= '3.10'",
  "python_version >= '3.10' and sys_platform == 'linux'",
  "sys_platform == 'win32' or sys_platform == 'darwin'",
  "platform_machine == 'x86_64'",
  "python_full_version < '3.10.5'",
  "python_version in '3.9 3.10'",
  "implementation_name != 'pypy'",
];

/** Two projects below the project: one of poetry-core, and one that requires it. */
const LIBRARIES: Readonly<Record<string, string>> = {
  'libs/one/pyproject.toml': `[project]
name = "one"
version = "0.5"
requires-python = ">=3.8"
dependencies = ["mu"]

[project.optional-dependencies]
plus = ["beta"]

[build-system]
requires = ["poetry-core"]
build-backend = "poetry.core.masonry.api"
`,
  'libs/one/one/__init__.py': '',
  'libs/two/pyproject.toml': `[tool.poetry]
name = "two"
version = "0.1"
description = "The second"
authors = []

[tool.poetry.dependencies]
python = "^3.8"
one = {path = "../one", develop = true}

[build-system]
requires = ["poetry-core"]
build-backend = "poetry.core.masonry.api"
`,
  'libs/two/two.py': '',
};

/** The name in one of its spellings. */
export function spelled(dice: Dice, name: string): string {
  return dice.one(SPELLINGS[name] ?? [name]);
}

/** Names that were not taken yet, of which the sketch takes note. */
function drawNames(dice: Dice, sketch: Sketch, most: number, into: Set<string> = sketch.required): string[] {
  const names = [...new Set(dice.some(NAMES, most))].filter((name) => !sketch.required.has(name) || dice.chance(0.1));
  for (const name of names) into.add(name);
  return names;
}

/** Some of the extras that the project has, or none. */
export function extrasOf(dice: Dice, name: string): string[] {
  const known = EXTRAS_OF[name];
  return known !== undefined && dice.chance(0.4) ? [...new Set(dice.some(known, 2))] : [];
}

/** A requirement as PEP 508 writes it. */
function requirement(dice: Dice, sketch: Sketch, name: string): string {
  const extras = extrasOf(dice, name);
  const marker = dice.chance(0.25) ? `${dice.one([' ; ', '; ', ';'])}${dice.one(MARKERS)}` : '';
  if (name === 'mu' && dice.chance(0.15)) return `mu @ <index>/files/mu-1.0-py3-none-any.whl${marker && ` ${marker}`}`;
  if (sketch.files['libs/one/one/__init__.py'] === '' && !sketch.required.has('one') && dice.chance(0.08)) {
    sketch.required.add('one');
    return `one @ file://<project>/libs/one${marker && ` ${marker}`}`;
  }
  return `${spelled(dice, name)}${extras.length > 0 ? `[${extras.join(dice.one([',', ', ']))}]` : ''}${dice.one(RANGES)}${marker}`;
}

/** The value of a requirement in a table of Poetry's. */
function poetryRequirement(dice: Dice, sketch: Sketch, name: string, fixed: readonly string[] = []): string {
  if (name === 'one' || name === 'two') return `{path = "libs/${name}", develop = true}`;
  const range = dice.one(POETRY_RANGES);
  if (name === 'mu' && dice.chance(0.1)) return '{url = "<index>/files/mu-1.0-py3-none-any.whl"}';
  if (fixed.length === 0 && dice.chance(0.04)) {
    return '[\n  {version = "1.0", python = "<3.11"},\n  {version = ">=1.0", python = ">=3.11"}, # two\n]';
  }
  const extras = extrasOf(dice, name);
  const parts = [
    `version = "${range}"`,
    ...fixed,
    ...(extras.length > 0 ? [`extras = [${extras.map((extra) => `"${extra}"`).join(', ')}]`] : []),
    ...(dice.chance(0.12) ? [`python = "${dice.one(['>=3.10', '<3.11', '^3.9', '~3.11'])}"`] : []),
    ...(dice.chance(0.12) ? [`markers = "${dice.one(MARKERS)}"`] : []),
    ...(dice.chance(0.06) ? [`platform = "${dice.one(['linux', 'win32'])}"`] : []),
    ...(dice.chance(0.06) ? ['allow-prereleases = true'] : []),
    ...(sketch.sources.length > 0 && dice.chance(0.3) ? [`source = "${dice.one(sketch.sources)}"`] : []),
  ];
  if (parts.length === 1 && dice.chance(0.85)) return dice.chance(0.1) ? `'${range}'` : `"${range}"`;
  return dice.chance(0.3) ? `{ ${parts.join(', ')} }` : `{${parts.join(', ')}}`;
}

function poetryEntries(dice: Dice, sketch: Sketch, names: readonly string[], fixed: readonly string[] = []): Entry[] {
  return names.map((name) => [spelled(dice, name), poetryRequirement(dice, sketch, name, fixed)]);
}

// The tables of pyproject.toml

const PROJECT_NAMES = ['demo', 'demo', 'Demo_App', 'demo.app'];
const VERSIONS = ['0.1.0', '1.2.3', '1.0', '0.1.0a1', '2', '1!1.0', '1.0.0.post1', '1.2.3rc1', '1.0.dev3', '1.0+local'];

function drawLegacy(dice: Dice, sketch: Sketch): void {
  const optional = dice.chance(0.35) ? drawNames(dice, sketch, 2, sketch.inExtras) : [];
  const main = drawNames(dice, sketch, 3).filter((name) => !optional.includes(name));
  if (sketch.files['libs/two/two.py'] === '' && dice.chance(0.3)) main.push(dice.one(['one', 'two']));
  for (const name of [...main, ...optional]) sketch.required.add(name);
  sketch.tables.push(
    table(dice, 'tool.poetry', [
      ...(dice.chance(0.9)
        ? ([
            ['name', `"${dice.one(PROJECT_NAMES)}"`],
            ['version', `"${dice.one(VERSIONS)}"`],
            ['description', dice.one(['""', '"A thing"', "'x'"])],
            ['authors', dice.one(['["Ann <ann@example.org>"]', '[\n  "Ann <ann@example.org>",\n]', '[]'])],
          ] satisfies Entry[])
        : []),
      ...drawDetails(dice, LEGACY_DETAILS),
      ...drawPackageMode(dice, sketch),
    ]),
    table(dice, 'tool.poetry.dependencies', [
      ...(dice.chance(0.93) ? [['python', `"${dice.one(PYTHONS)}"`] satisfies Entry] : []),
      ...poetryEntries(dice, sketch, main),
      ...poetryEntries(dice, sketch, optional, ['optional = true']),
    ]),
  );
  if (optional.length === 0) return;
  sketch.extras.push(...new Set(dice.some(['fast', 'slow', 'Big_One'], 2)));
  const lists = sketch.extras.map((extra): Entry => [extra, array(dice, [...new Set(dice.some(optional, 2))])]);
  sketch.tables.push(table(dice, 'tool.poetry.extras', lists));
}

function drawStandard(dice: Dice, sketch: Sketch): void {
  const main = drawNames(dice, sketch, 3);
  const dynamic = [
    ...(sketch.kind === 'mixed' && dice.chance(0.2) ? ['version'] : []),
    ...(sketch.kind === 'mixed' && dice.chance(0.45) ? ['dependencies'] : []),
  ];
  const version = `"${dice.one(VERSIONS)}"`;
  const entries: Entry[] = [['name', `"${dice.one(PROJECT_NAMES)}"`]];
  if (!dynamic.includes('version')) entries.push(['version', version]);
  if (dice.chance(0.6)) entries.push(['description', '"A project"']);
  if (dice.chance(0.4)) {
    entries.push([
      'authors',
      dice.one(['[{name = "Ann", email = "ann@example.org"}]', '[\n  {name = "Ann"},\n  # Bob\n]']),
    ]);
  }
  if (dice.chance(0.92)) entries.push(['requires-python', `"${dice.one(STANDARD_PYTHONS)}"`]);
  if (!dynamic.includes('dependencies')) {
    entries.push([
      'dependencies',
      array(
        dice,
        main.map((name) => requirement(dice, sketch, name)),
      ),
    ]);
  }
  if (dynamic.length > 0) entries.push(['dynamic', array(dice, dynamic)]);
  entries.push(...drawDetails(dice, DETAILS));
  sketch.tables.push(table(dice, 'project', entries));
  if (dice.chance(0.35)) drawOptional(dice, sketch);
  const own: Entry[] = [
    ...drawPackageMode(dice, sketch),
    ...(dynamic.includes('version') ? [['version', version] satisfies Entry] : []),
    ...(dice.chance(0.1) ? drawDetails(dice, LEGACY_DETAILS) : []),
  ];
  sketch.tables.push(table(dice, 'tool.poetry', own));
  if (sketch.kind === 'mixed')
    sketch.tables.push(table(dice, 'tool.poetry.dependencies', drawEnriched(dice, sketch, main, dynamic)));
}

/** What `check` looks at beside the requirements. */
const DETAILS: readonly Entry[] = [
  ['license', '"MIT"'],
  ['license', '{text = "MIT"}'],
  ['license', '"Nothing"'],
  ['readme', '"README.md"'],
  ['classifiers', '["License :: OSI Approved :: MIT License"]'],
  ['classifiers', '["Nope :: X", "Natural Language :: Ukranian", "Private :: Do Not Upload"]'],
  ['keywords', '["a", "b"]'],
  ['scripts', '{demo = "demo:main"}'],
  ['urls', '{Homepage = "https://demo.example/"}'],
  ['maintainers', '[{email = "not an address"}]'],
];
const LEGACY_DETAILS: readonly Entry[] = [
  ['license', '"MIT"'],
  ['readme', '"README.md"'],
  ['readme', '["README.md", "NEWS.rst"]'],
  ['classifiers', '["License :: OSI Approved :: MIT License", "Nope :: X"]'],
  ['keywords', '["a", "b"]'],
  ['scripts', '{demo = "demo:main"}'],
  ['scripts', '{demo = "demo"}'],
  ['homepage', '"https://demo.example/"'],
  ['urls', '{Docs = "https://demo.example/docs"}'],
  ['maintainers', '["Bob"]'],
  ['requires-poetry', '">=2.0"'],
  ['requires-poetry', '"<2"'],
  ['nonsense', '1'],
];

function drawDetails(dice: Dice, details: readonly Entry[]): Entry[] {
  if (dice.chance(0.75)) return [];
  return [...new Map(dice.some(details, 3).map((detail) => [detail[0], detail])).values()];
}

/** Seldom the project is a package, which is installed too. */
function drawPackageMode(dice: Dice, { files }: Sketch): Entry[] {
  if (dice.chance(0.8)) return [['package-mode', 'false']];
  for (const name of ['demo', 'demo_app']) files[`${name}/__init__.py`] = 'def main():\n    print("demo")\n';
  return dice.chance(0.2) ? [['package-mode', 'true']] : [];
}

function drawOptional(dice: Dice, sketch: Sketch): void {
  sketch.extras.push(...new Set(dice.some(['fast', 'slow', 'Big_One'], 2)));
  const lists = sketch.extras.map((extra): Entry => {
    const names = drawNames(dice, sketch, 2, sketch.inExtras);
    return [
      extra,
      array(
        dice,
        names.map((name) => requirement(dice, sketch, name)),
      ),
    ];
  });
  sketch.tables.push(table(dice, 'project.optional-dependencies', lists));
}

/** `[tool.poetry.dependencies]` beside `[project]`: all requirements where they are dynamic, else what `[project]` cannot say. */
function drawEnriched(dice: Dice, sketch: Sketch, main: readonly string[], dynamic: readonly string[]): Entry[] {
  const python: Entry[] = dice.chance(0.2) ? [['python', `"${dice.one(PYTHONS)}"`]] : [];
  if (dynamic.includes('dependencies')) return [...python, ...poetryEntries(dice, sketch, main)];
  const more = [
    '{allow-prereleases = true}',
    '{version = "*"}',
    '"*"',
    ...sketch.sources.map((name) => `{source = "${name}"}`),
  ];
  return [...python, ...main.filter(() => dice.chance(0.5)).map((name): Entry => [name, dice.one(more)])];
}

function drawGroups(dice: Dice, sketch: Sketch): void {
  const groups: Entry[] = [];
  for (const group of new Set(dice.some(['dev', 'docs', 'test', 'Lint_er'], 3))) {
    const names = drawNames(dice, sketch, 2);
    if (names.length === 0) continue;
    const isStandard = dice.chance(sketch.kind === 'legacy' ? 0.2 : 0.65);
    const before = [...sketch.poetryGroups, ...sketch.standardGroups].at(0);
    const about: Entry[] = [
      ...(dice.chance(0.25) ? [['optional', 'true'] satisfies Entry] : []),
      ...(before !== undefined && dice.chance(0.15) ? [['include-groups', `["${before}"]`] satisfies Entry] : []),
    ];
    if (about.length > 0) sketch.tables.push(table(dice, `tool.poetry.group.${group}`, about));
    if (!isStandard) {
      sketch.poetryGroups.push(group);
      sketch.tables.push(table(dice, `tool.poetry.group.${group}.dependencies`, poetryEntries(dice, sketch, names)));
      continue;
    }
    const included = sketch.standardGroups.at(0);
    sketch.standardGroups.push(group);
    const list = names.map((name) => requirement(dice, sketch, name));
    const inclusion = included !== undefined && dice.chance(0.4) ? [`{include-group = "${included}"}`] : [];
    groups.push([group, array(dice, list, inclusion)]);
  }
  if (groups.length > 0) sketch.tables.push(table(dice, 'dependency-groups', groups));
}

function drawSources(dice: Dice, sketch: Sketch): void {
  for (const name of sketch.sources) {
    const priority = dice.one(['supplemental', 'explicit', 'primary']);
    const lines = ['[[tool.poetry.source]]', `name = "${name}"`];
    if (name !== 'pypi') lines.push(`url = ${name === 'corp' ? '"<corp>/simple/"' : '"<index>/simple"'}`);
    lines.push(`priority = "${priority}"`);
    // Laid out as Poetry lays them out: it writes all of them anew when one changes.
    sketch.tables.push(`${lines.join('\n')}\n`);
  }
}

function drawTools(dice: Dice, sketch: Sketch): void {
  if (dice.chance(0.3)) sketch.tables.push('[tool.black]\nline-length = 88 # wide\n\n[tool.x.y]\nz = [ 1,2 ]\n');
  if (dice.chance(0.7)) {
    const system =
      '[build-system]\nrequires = ["poetry-core>=2.0.0,<3.0.0"]\nbuild-backend = "poetry.core.masonry.api"\n';
    if (dice.chance(0.8)) sketch.tables.push(system);
    else sketch.tables.unshift(system);
  }
}

// Their layout

function comment(dice: Dice, probability: number): string {
  return dice.chance(probability)
    ? `${dice.one([' ', '  ', ''])}# ${dice.one(['a note', 'keep', 'ünïcode', 'x = [1]'])}`
    : '';
}

function table(dice: Dice, header: string, entries: readonly Entry[]): string {
  const indent = dice.chance(0.1) ? '  ' : '';
  const equals = dice.one([' = ', ' = ', ' = ', '=', ' =']);
  const lines = entries.map(([key, value]) => `${indent}${key}${equals}${value}${comment(dice, 0.1)}\n`);
  return `[${header}]${comment(dice, 0.06)}\n${lines.join('')}`;
}

/** An array of strings, after items that are TOML text already. */
function array(dice: Dice, strings: readonly string[], before: readonly string[] = []): string {
  const items = [
    ...before,
    ...strings.map((text) => (!text.includes("'") && dice.chance(0.1) ? `'${text}'` : `"${text}"`)),
  ];
  switch (dice.one(['line', 'comma', 'block', 'open', 'wide', 'framed'] as const)) {
    case 'line':
      return `[${items.join(', ')}]`;
    case 'comma':
      return `[${items.map((item) => `${item},`).join(' ')}]`;
    case 'block':
      return `[\n${items.map((item) => `    ${item},${comment(dice, 0.3)}\n`).join('')}]`;
    case 'open':
      return `[\n${items.map((item, at) => `  ${item}${at < items.length - 1 ? ',' : ''}${comment(dice, 0.2)}\n`).join('')}]`;
    case 'wide':
      return `[ ${items.join(' , ')} ]`;
    case 'framed':
      return `[\n  # first\n${items.map((item) => `  ${item},\n`).join('')}  # last\n]`;
  }
}

/** The text of `pyproject.toml`. */
export function drawText(dice: Dice, { tables }: Sketch): string {
  const between = (at: number): string => {
    // Poetry takes comments below a group's table, and those between sources, along with what it writes anew.
    const isBare = /^\[tool\.poetry\.group|^\[\[/.test(tables[at - 1] ?? '') || tables[at]?.startsWith('[[');
    return dice.one(['\n', '\n', '\n', '\n\n', '', ...(isBare ? [] : ['\n# ---\n', '\n\n# section\n\n'])]);
  };
  const text = tables.map((one, at) => (at === 0 ? (dice.chance(0.05) ? '# top\n' : '') : between(at)) + one).join('');
  const ended = dice.chance(0.06) ? text.replace(/\n$/, '') : dice.chance(0.06) ? `${text}\n\n` : text;
  return dice.chance(0.06) ? ended.replaceAll('\n', '\r\n') : ended;
}

/** The text with another range for one of the requirements, or with one line less. */
export function drawEdit(dice: Dice, text: string): string {
  const ranges = [
    ...text.matchAll(
      /(?<=^(?!python|requires-python)\S+ *= *")[\^~<>=*][^"/\n]*(?=")|(?<="[a-z-]+)[<>=~]=[^"';\n]*(?=["';])/gim,
    ),
  ];
  const range = ranges.length > 0 ? dice.one(ranges) : undefined;
  if (range !== undefined && dice.chance(0.75)) {
    return `${text.slice(0, range.index)}${dice.one(['>=1', '>=0.1', '==1.0'])}${text.slice(range.index + range[0].length)}`;
  }
  const requirements = [...text.matchAll(/^ *(?:"?[\w-]+"? *= *["{][~^<>=*v ].*|"[^"]*",.*)\r?\n/gm)];
  const gone = requirements.length > 0 ? dice.one(requirements) : undefined;
  return gone === undefined ? text : text.slice(0, gone.index) + text.slice(gone.index + gone[0].length);
}

/** The command lines of drawn scenarios: what people type, right, odd or wrong. */

import type { Dice } from '../support/dice.ts';
import { extrasOf, MARKERS, NAMES, type Sketch, spelled } from './drawn-project.ts';

type Draw = (dice: Dice, sketch: Sketch) => string[];

const COMMANDS: Readonly<Record<string, { readonly weight: number; readonly draw: Draw }>> = {
  add: { weight: 14, draw: drawAdd },
  remove: { weight: 8, draw: drawRemove },
  update: { weight: 6, draw: drawUpdate },
  lock: { weight: 6, draw: (dice) => options(dice, [[0.2, '--regenerate']]) },
  install: { weight: 6, draw: drawInstall },
  sync: { weight: 3, draw: drawInstall },
  show: { weight: 12, draw: drawShow },
  check: {
    weight: 4,
    draw: (dice) =>
      options(dice, [
        [0.4, '--strict'],
        [0.5, '--lock'],
      ]),
  },
  version: { weight: 5, draw: drawVersion },
  config: { weight: 3, draw: (dice) => dice.one(CONFIGURATIONS).split(' ') },
  source: { weight: 3, draw: (dice) => dice.one(SOURCES).split(' ') },
  env: { weight: 2, draw: (dice) => dice.one(ENVIRONMENTS).split(' ') },
  export: { weight: 3, draw: drawExport },
  search: { weight: 1, draw: (dice) => [dice.one(NAMES)] },
  new: { weight: 1, draw: (dice) => drawNew(dice) },
  run: { weight: 1, draw: (dice) => dice.one(RUNS) },
  debug: {
    weight: 1,
    draw: (dice) => [
      'resolve',
      ...(dice.chance(0.7) ? [dice.one(NAMES)] : []),
      ...(dice.chance(0.3) ? ['--tree'] : []),
    ],
  },
};

const CONFIGURATIONS = listed(
  '--list --local | virtualenvs.in-project | virtualenvs.create true --local',
  'virtualenvs.create --unset --local | repositories.foo https://index.example/ | repositories.foo',
  'repositories | http-basic.foo ann secret | http-basic.foo | --unset http-basic.foo',
  'installer.parallel no | installer.max-workers 3 | installer.max-workers -1',
  'installer.no-binary alpha | installer.no-binary :all:,alpha | pypi-token.foo abc',
  '--unset pypi-token.foo | certificates.foo.cert /x.pem | requests.max-retries | virtualenvs.options',
  'data-dir | installer.build-config-settings.beta {"a":["b"]} | installer.build-config-settings',
  'keyring.enabled | nothing | virtualenvs.prompt {project_name}-x',
  'installer.only-binary alpha --local | installer.re-resolve true --local | solver.lazy-wheel false',
  'system-git-client true --local',
);
const SOURCES = listed(
  'show | show corp | show nothing | show corp Mirror | show pypi | remove corp | remove nothing',
  'remove CORP | add two https://two.example/ -p explicit',
  'add --priority=EXPLICIT two https://two.example | add pypi -p primary',
  'add --priority supplemental PyPI | add corp <corp>/simple/ | add -p explicit corp <corp>/simple/',
  'add pypi x',
);
const ENVIRONMENTS = listed(
  'info | info -p | info --path --executable | info -e | list | list --full-path | activate',
  'activate x | use 3.11 | use /usr/bin/nothing | remove --all | nothing',
);
const RUNS = [
  ['python', '-c', 'import sys; print(sys.argv)', '-x'],
  ['python', '-c', 'raise SystemExit(3)'],
  ['python', '-c', 'import os; print(os.environ["VIRTUAL_ENV"])'],
  ['nothing'],
  ['epsilon'],
  ['demo'],
  ['--', 'python', '--version'],
  [],
];
/** Command lines that are mistyped, shortened, or no commands. */
const ODD_LINES = listed(
  'instal | sho | loc | e i | env inf | sou sh | source | self | cache | debug | show --tre',
  'show --nope | show -x | version --shrt | check --str | lock --regen | install --dry | add mu --loc',
  'sync --extras | show --format | remove -GG | add -Gdev mu --lock=1 | -x show | show -at | show -ta',
  'show -oT | version -sn | update -nq --lock | check - | show -- | show -- beta | install beta',
  'lock beta | sync x y | show --why=yes | -C . version | --project=. version | version --project .',
  'version -P . -s | -P nowhere version | add | remove | --directory . check | -C nowhere version',
  'cache list | version --next-phase=1 | show -fjson | install --only= | add mu -G | remove mu --group=',
  'show -vv alpha | lock -nn | version -- patch | version patch minor | config | config --list x',
  'config --unset | run | export -o | sync --only main, | install -E | show --only',
);
const ADDED_RANGES = [
  ...[
    '^1',
    '^1.0',
    '~1.0',
    '~1',
    '>=1',
    '*',
    '1.0',
    '==1.0',
    '<2',
    '>=1,<3',
    '!=1.5',
    '1.*',
    'latest',
    '~=1.0',
    '>1.0',
  ],
  ...['>=0.1', '^0.1', '^9', '==1.*', '>= 1 , < 3', '1', '===1.0', '>=1.0.0.0'],
];
const OTHER_GROUPS = ['dev', 'docs', 'new', 'lint-er', 'lint.er'];

/** A command line for the project, and note of what it adds. */
export function drawLine(dice: Dice, sketch: Sketch): string[] {
  if (dice.chance(0.05)) return dice.one(ODD_LINES).split(' ').filter(Boolean);
  const all = Object.entries(COMMANDS).flatMap(([name, { weight }]) => Array.from({ length: weight }, () => name));
  const name = dice.one(all);
  const words = [name, ...(COMMANDS[name]?.draw(dice, sketch) ?? [])];
  const global = dice.one(['-n', '--no-interaction', '-q', '--no-ansi', '--no-cache']);
  if (dice.chance(0.05)) return [global, ...words];
  return dice.chance(0.05) ? [...words, global] : words;
}

/** Those options whose throw falls below their chance, in any order; a value is in a word of its own or behind `=`. */
function options(dice: Dice, of: readonly (readonly [chance: number, option: string, value?: string])[]): string[] {
  return of
    .filter(([probability]) => dice.chance(probability))
    .map((option) => ({ option, order: dice.roll() }))
    .sort((left, right) => left.order - right.order)
    .flatMap(({ option: [, name, value] }) => {
      if (value === undefined) return [name];
      if (dice.chance(0.3)) return [name.startsWith('--') ? `${name}=${value}` : `${name}${value}`];
      return [name, value];
    });
}

/** Options before what the command is about, behind it, or around it. */
function around(dice: Dice, subjects: readonly string[], given: readonly string[]): string[] {
  const isSplit = given.length > 0 && dice.chance(0.2);
  return isSplit ? [...given, ...subjects] : [...subjects, ...given];
}

function anyGroup(dice: Dice, { poetryGroups, standardGroups }: Sketch): string {
  const known = [...poetryGroups, ...standardGroups];
  return known.length > 0 && dice.chance(0.75) ? dice.one(known) : dice.one(OTHER_GROUPS);
}

function anyExtra(dice: Dice, { extras }: Sketch): string {
  return extras.length > 0 && dice.chance(0.8) ? dice.one(extras) : dice.one(['fast', 'nothing', 'big-one']);
}

function anyName(dice: Dice, { required }: Sketch): string {
  return spelled(dice, required.size > 0 && dice.chance(0.75) ? dice.one([...required]) : dice.one(NAMES));
}

type Options = readonly (readonly [number, string, string?])[];

function groupOptions(dice: Dice, sketch: Sketch, chance: number): Options {
  const list = (): string =>
    dice.chance(0.15) ? `${anyGroup(dice, sketch)},${anyGroup(dice, sketch)}` : anyGroup(dice, sketch);
  return [
    [chance, '--with', list()],
    [chance, '--without', list()],
    [chance, '--only', dice.chance(0.25) ? `main,${anyGroup(dice, sketch)}` : list()],
  ];
}

/** What is to be locked only, or nothing at all: the rest takes time. */
function sparing(dice: Dice): Options {
  return dice.one([
    [],
    [[1, '--lock']],
    [[1, '--lock']],
    [[1, '--dry-run']],
    [
      [1, '--lock'],
      [1, '--dry-run'],
    ],
  ] satisfies Options[]);
}

function drawAdd(dice: Dice, sketch: Sketch): string[] {
  const group = addedGroup(dice, sketch);
  const extra =
    group === undefined && sketch.kind !== 'legacy' && dice.chance(0.15) ? anyExtra(dice, sketch) : undefined;
  const drawn = dice.some([0], 2).map(() => addedRequirement(dice, sketch, extra !== undefined));
  // Of two wishes for one project, Poetry takes the last.
  const wishes = [...new Map(drawn.map((wish) => [normalisedName(wish), wish])).values()];
  return around(
    dice,
    wishes,
    options(dice, [
      ...(group === undefined ? [] : ([[1, dice.one(['-G', '--group']), group]] satisfies Options)),
      ...(extra === undefined ? [] : ([[1, '--optional', extra]] satisfies Options)),
      [0.08, dice.one(['-E', '--extras']), dice.one(['fast', 'slow fast', 'a'])],
      [0.08, '--python', dice.one(['>=3.10', '^3.9', '<3.11', '~3.11', '3.*', 'rubbish'])],
      [0.06, '--platform', dice.one(['linux', 'win32'])],
      [0.08, '--markers', dice.one([...MARKERS, ''])],
      [
        wishes.some((wish) => wish.includes('/')) ? 0 : 0.06,
        '--source',
        dice.one(['corp', 'pypi', 'Mirror', 'nothing']),
      ],
      [wishes.some((wish) => wish.includes('/')) ? 0 : 0.08, '--allow-prereleases'],
      [0.05, dice.one(['-e', '--editable'])],
      ...sparing(dice),
    ]),
  );
}

function normalisedName(wish: string): string {
  return wish
    .replace(/[^\w.-].*/, '')
    .replace(/[-_.]+/g, '-')
    .toLowerCase();
}

/** A group that `add` writes where Poetry writes it too: where both kinds of tables stand, Poetry's is not for Poetry. */
function addedGroup(dice: Dice, sketch: Sketch): string | undefined {
  if (dice.chance(0.65)) return undefined;
  const group = anyGroup(dice, sketch);
  return sketch.standardGroups.length > 0 && sketch.poetryGroups.includes(group) ? undefined : group;
}

function addedRequirement(dice: Dice, sketch: Sketch, isOptional: boolean): string {
  if (sketch.files['libs/one/one/__init__.py'] === '' && dice.chance(0.12)) {
    return dice.one([
      './libs/one',
      'libs/one',
      './libs/two',
      './libs/one[plus]',
      'libs/one/',
      'one @ file://<project>/libs/one',
      '<project>/libs/two',
    ]);
  }
  if (dice.chance(0.05))
    return dice.one(['<index>/files/mu-1.0-py3-none-any.whl', 'mu @ <index>/files/mu-1.0-py3-none-any.whl']);
  const name = dice.mostly(NAMES, ['iota', 'theta', 'lambda', 'missing']);
  const isNew = !sketch.required.has(name);
  sketch.required.add(name);
  if (isOptional) sketch.inExtras.add(name);
  const extras = extrasOf(dice, name);
  const subject = `${spelled(dice, name)}${extras.length > 0 ? `[${extras.join(',')}]` : ''}`;
  const range = dice.mostly(ADDED_RANGES, ['rubbish', '', '>', '1.0.x']);
  // A second requirement for a name is locked in another order by Poetry.
  if (isNew && dice.chance(0.06))
    return `${subject}${dice.one(['>=1', ''])}${dice.one([' ; ', '; '])}${dice.one(MARKERS)}`;
  if (dice.chance(0.3)) return subject;
  if (/^[<>=!~]=?\d/.test(range) && dice.chance(0.3)) return `${subject}${range}`;
  return `${subject}${dice.one(['@', '@', '@', ' ', ' @ ', '@ '])}${range}`;
}

function drawRemove(dice: Dice, sketch: Sketch): string[] {
  const free = [...sketch.required].filter((name) => !sketch.inExtras.has(name));
  const others = NAMES.filter((name) => !sketch.inExtras.has(name));
  const names = [...new Set(dice.some(free.length > 0 && dice.chance(0.85) ? free : others, 2))];
  // For Poetry, a group in another spelling is another group.
  const group = dice.one(['new', ...sketch.poetryGroups, ...sketch.standardGroups]);
  return around(
    dice,
    names.map((name) => spelled(dice, name)),
    options(dice, [[0.3, dice.one(['-G', '--group']), group], ...sparing(dice)]),
  );
}

function drawUpdate(dice: Dice, sketch: Sketch): string[] {
  const names = dice.chance(0.5) ? [...new Set(dice.some([0], 2).map(() => anyName(dice, sketch)))] : [];
  return around(dice, names, options(dice, [...groupOptions(dice, sketch, 0.12), [0.1, '--sync'], ...sparing(dice)]));
}

function drawInstall(dice: Dice, sketch: Sketch): string[] {
  return options(dice, [
    ...groupOptions(dice, sketch, 0.2),
    [
      0.2,
      dice.one(['-E', '--extras']),
      dice.chance(0.3) ? `${anyExtra(dice, sketch)} ${anyExtra(dice, sketch)}` : anyExtra(dice, sketch),
    ],
    [0.1, '--all-extras'],
    [0.15, '--no-root'],
    [0.05, '--no-directory'],
    [0.05, '--only-root'],
    [0.6, '--dry-run'],
    [0.05, '--compile'],
  ]);
}

function drawShow(dice: Dice, sketch: Sketch): string[] {
  return around(
    dice,
    dice.chance(0.3) ? [anyName(dice, sketch)] : [],
    options(dice, [
      [0.25, dice.one(['--tree', '-t'])],
      [0.2, '--why'],
      [0.2, dice.one(['--latest', '-l'])],
      [0.15, dice.one(['--outdated', '-o'])],
      [0.2, dice.one(['--top-level', '-T'])],
      [0.2, dice.one(['--all', '-a'])],
      [0.1, '--no-truncate'],
      [0.25, dice.one(['--format', '-f']), dice.mostly(['json', 'text'], ['xml'])],
      ...groupOptions(dice, sketch, 0.12),
    ]),
  );
}

function drawVersion(dice: Dice): string[] {
  const rules = ['patch', 'minor', 'major', 'prepatch', 'preminor', 'premajor', 'prerelease'];
  const versions = ['1.2.3', '2.0.0rc1', 'v3', '1!2.3', '1.0+local', '1.0.dev1', ' 1.0 ', '1.0-1'];
  return around(
    dice,
    dice.chance(0.85) ? [dice.mostly(dice.chance(0.6) ? rules : versions, ['rubbish', ''])] : [],
    options(dice, [
      [0.25, '--next-phase'],
      [0.3, dice.one(['-s', '--short'])],
      [0.2, '--dry-run'],
    ]),
  );
}

function drawExport(dice: Dice, sketch: Sketch): string[] {
  return options(dice, [
    [0.3, '--without-hashes'],
    [0.4, dice.one(['-f', '--format']), dice.one(['requirements.txt', 'constraints.txt', 'pylock.toml'])],
    [0.3, dice.one(['-E', '--extras']), anyExtra(dice, sketch)],
    [0.2, '--all-extras'],
    [0.1, '--without-urls'],
    ...groupOptions(dice, sketch, 0.15),
    [0.05, '--all-groups'],
    [0.2, '-o', 'out.txt'],
  ]);
}

function drawNew(dice: Dice): string[] {
  return around(
    dice,
    [dice.mostly(['fresh', 'fresh/deep.er', 'A-b_c.d', '.'], ['..'])],
    options(dice, [
      [0.2, '--flat'],
      [0.1, '--src'],
      [0.2, '--name', dice.mostly(['ns.pkg', 'X', 'a-b'], ['', 'x y'])],
      [0.2, '--readme', dice.mostly(['md', 'rst'], ['adoc'])],
      [0.2, '--description', 'Q "u" o'],
      [0.2, '--author', 'Ünï Cöde <u@example.org>'],
      [0.2, '--license', dice.one(['MIT', 'Nothing'])],
      [0.2, '--python', dice.one(['^3.10', '>=3.9,<3.12', '3.11', '*'])],
      [0.2, '--dependency', dice.one(['beta', 'xi[a]@^1.0', 'mu@>=1,<2', 'nu=1.0'])],
      [0.1, '--dev-dependency', dice.one(['beta', 'nu:^1.0'])],
    ]),
  );
}

/** The command lines of rows, in which they stand apart by ` | `. */
function listed(...rows: readonly string[]): readonly string[] {
  return rows.flatMap((row) => row.split(' | '));
}

/** `python list`: the Pythons of this machine, and those that could be installed. */

import { realpathSync } from 'node:fs';
import { sep } from 'node:path';
import type { Context } from '../app/context.ts';
import { argument, type Command, flag, value } from '../cli/command.ts';
import { ParseError } from '../ground/error.ts';
import { colours, noColours, type Paint, type Style } from '../render/style.ts';
import type { VersionRange } from '../versions/version-range.ts';

interface Row {
  readonly numbers: readonly [number, number, number];
  readonly implementation: string;
  readonly freeThreaded: boolean;
  /** Undefined: to be downloaded. */
  readonly executable: string | undefined;
}

const NAMES: Readonly<Record<string, string>> = { cpython: 'CPython', pypy: 'PyPy' };
const HEADS = ['Version', 'Implementation', 'Manager', 'Path'] as const;
const STYLES = ['c1', 'bold', 'comment', 'success'] as const;

export const command: Command = {
  name: 'python list',
  description: 'Shows Python versions available for this environment. (experimental feature)',
  arguments: [{ name: 'version', required: false, description: 'Python version to search for.' }],
  options: [
    { name: 'all', short: 'a', description: 'List all versions, including those available for download.' },
    { name: 'free-threaded', short: 't', description: 'List only free-threaded Python versions.' },
    { name: 'implementation', short: 'i', takesValue: true, description: 'Python implementation to search for.' },
    { name: 'managed', short: 'm', description: 'List only Poetry managed Python versions.' },
  ],
  async run(context, input) {
    const request = argument(input, 'version');
    const range = await requestedRange(request);
    if (range === undefined) {
      context.emit({ kind: 'notice', text: `Invalid Python version requested ${request}` });
      return 1;
    }
    const { managedFolder } = await import('../app/managed-python.ts');
    const folder = await managedFolder(context);
    const wanted = value(input, 'implementation')?.toLowerCase();
    const rows = (await presentPythons(context, range, folder, flag(input, 'managed'))).filter(
      (row) =>
        (wanted === undefined || row.implementation === wanted) && (!flag(input, 'free-threaded') || row.freeThreaded),
    );
    if (flag(input, 'all')) rows.push(...(await offeredPythons(range)));
    const shown = rows
      .sort(newestFirst)
      .map((row) => ({ row, managed: row.executable === undefined || isBelow(row.executable, folder) }))
      .filter(({ managed }) => managed || !flag(input, 'managed'));
    if (shown.length === 0) {
      context.emit({ kind: 'line', text: 'No Python installations found.' });
      return 0;
    }
    const cells = shown.map(({ row, managed }) => [
      `${row.numbers.join('.')}${row.freeThreaded ? 't' : ''}`,
      NAMES[row.implementation] ?? row.implementation,
      managed ? 'Poetry' : 'System',
      row.executable?.replaceAll('\\', '/') ?? 'Available for download',
    ]);
    for (const text of table(cells, context.decorated ? colours : noColours)) context.emit({ kind: 'line', text });
    return 0;
  },
};

/** The versions that are asked for: `3.13` is `~3.13`. Undefined for what is no constraint. */
async function requestedRange(request: string | undefined): Promise<VersionRange | undefined> {
  const [{ parseConstraint }, { anyVersion }] = await Promise.all([
    import('../versions/poetry-constraint.ts'),
    import('../versions/version-range.ts'),
  ]);
  if (request === undefined) return anyVersion;
  try {
    return parseConstraint(request.split('.').length < 3 ? `~${request}` : request);
  } catch (error) {
    if (error instanceof ParseError) return undefined;
    throw error;
  }
}

/** The Pythons of this machine; `onlyManaged`: those that `python install` has installed into `folder`. */
async function presentPythons(
  { env, cwd }: Context,
  range: VersionRange,
  folder: string,
  onlyManaged: boolean,
): Promise<Row[]> {
  const [{ allInterpreters }, { allows }, { parseVersion }] = await Promise.all([
    import('../python/discover.ts'),
    import('../versions/version-range.ts'),
    import('../versions/version.ts'),
  ]);
  const found = await allInterpreters({ env, cwd, managedDir: folder, onlyManaged });
  const rows = found.map(({ executable, facts }): Row => {
    const [major, minor, patch] = facts.versionInfo;
    const { implementation, abi } = facts;
    return { numbers: [major, minor, patch], implementation, freeThreaded: abi.freeThreaded, executable };
  });
  return rows.filter(({ numbers }) => allows(range, parseVersion(numbers.join('.'))));
}

/** The Pythons that could be installed here. */
async function offeredPythons(range: VersionRange): Promise<Row[]> {
  const [{ knownReleases }, { pypyBuilds }, { allows }, { parseVersion }] = await Promise.all([
    import('../python/standalone.ts'),
    import('../python/pypy.ts'),
    import('../versions/version-range.ts'),
    import('../versions/version.ts'),
  ]);
  const offered = (implementation: string, version: string): Row[] => {
    if (!allows(range, parseVersion(version))) return [];
    const [major = 0, minor = 0, patch = 0] = version.split('.').map(Number);
    const row: Row = { numbers: [major, minor, patch], implementation, freeThreaded: false, executable: undefined };
    const hasFreeThreads = implementation === 'cpython' && major === 3 && minor >= 13;
    return hasFreeThreads ? [row, { ...row, freeThreaded: true }] : [row];
  };
  return [
    ...knownReleases().flatMap(([version]) => offered('cpython', version)),
    ...pypyBuilds(process.platform, process.arch).flatMap(({ version }) => offered('pypy', version)),
  ];
}

/** The rows under their heads, in columns. */
function table(rows: readonly (readonly string[])[], paint: Paint): readonly string[] {
  const widths = HEADS.map((head, at) => Math.max(head.length, ...rows.map((row) => row[at]?.length ?? 0)));
  const line = (texts: readonly string[], styleOf: (at: number) => Style): string => {
    const parts = texts.map((text, at) => paint(styleOf(at), text) + ' '.repeat((widths[at] ?? 0) - text.length));
    return ` ${parts.join(' ')} `;
  };
  return [line(HEADS, () => 'bold'), ...rows.map((row) => line(row, (at) => STYLES[at] ?? 'bold'))];
}

/** As Poetry sorts them; equal ones stay in the order in which they were found. */
function newestFirst(a: Row, b: Row): number {
  const numbers = b.numbers[0] - a.numbers[0] || b.numbers[1] - a.numbers[1] || b.numbers[2] - a.numbers[2];
  const names = a.implementation === b.implementation ? 0 : a.implementation < b.implementation ? 1 : -1;
  return numbers || names || Number(b.freeThreaded) - Number(a.freeThreaded);
}

function isBelow(path: string, folder: string): boolean {
  try {
    return `${realpathSync(path)}${sep}`.startsWith(`${realpathSync(folder)}${sep}`);
  } catch {
    return false;
  }
}

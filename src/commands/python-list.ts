/** `python list`: the Pythons of this machine, and those that could be installed. */

import { realpathSync } from 'node:fs';
import { sep } from 'node:path';
import { argument, type Command, flag, value } from '../cli/command.ts';
import { ParseError } from '../ground/error.ts';
import { colours, noColours } from '../render/style.ts';

interface Row {
  readonly numbers: readonly [number, number, number];
  readonly implementation: string;
  readonly freeThreaded: boolean;
  /** Undefined: to be downloaded. */
  readonly executable: string | undefined;
}

const NAMES: Readonly<Record<string, string>> = { cpython: 'CPython', pypy: 'PyPy' };
const HEADS = ['Version', 'Implementation', 'Manager', 'Path'] as const;

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
    const [
      { allInterpreters },
      { knownReleases },
      { managedFolder },
      { pypyBuilds },
      { parseConstraint },
      { allows, anyVersion },
      { parseVersion },
    ] = await Promise.all([
      import('../python/discover.ts'),
      import('../python/standalone.ts'),
      import('../app/managed-python.ts'),
      import('../python/pypy.ts'),
      import('../versions/poetry-constraint.ts'),
      import('../versions/version-range.ts'),
      import('../versions/version.ts'),
    ]);
    const request = argument(input, 'version');
    let range: ReturnType<typeof parseConstraint> = anyVersion;
    try {
      if (request !== undefined) range = parseConstraint(request.split('.').length < 3 ? `~${request}` : request);
    } catch (error) {
      if (!(error instanceof ParseError)) throw error;
      context.emit({ kind: 'notice', text: `Invalid Python version requested ${request}` });
      return 1;
    }
    const folder = await managedFolder(context);
    const wanted = value(input, 'implementation')?.toLowerCase();
    const found = await allInterpreters({
      env: context.env,
      cwd: context.cwd,
      managedDir: folder,
      onlyManaged: flag(input, 'managed'),
    });
    const rows: Row[] = found
      .map(({ executable, facts }): Row => {
        const [major, minor, patch] = facts.versionInfo;
        return {
          numbers: [major, minor, patch],
          implementation: facts.implementation,
          freeThreaded: facts.abi.freeThreaded,
          executable,
        };
      })
      .filter(
        (row) =>
          allows(range, parseVersion(row.numbers.join('.'))) &&
          (wanted === undefined || row.implementation === wanted) &&
          (!flag(input, 'free-threaded') || row.freeThreaded),
      );
    if (flag(input, 'all')) {
      for (const [version] of knownReleases()) {
        const [major = 0, minor = 0, patch = 0] = version.split('.').map(Number);
        if (!allows(range, parseVersion(version))) continue;
        const row = { numbers: [major, minor, patch], implementation: 'cpython', executable: undefined } as const;
        rows.push({ ...row, freeThreaded: false });
        if (major === 3 && minor >= 13) rows.push({ ...row, freeThreaded: true });
      }
      for (const { version } of pypyBuilds(process.platform, process.arch)) {
        const [major = 0, minor = 0, patch = 0] = version.split('.').map(Number);
        if (!allows(range, parseVersion(version))) continue;
        const numbers = [major, minor, patch] as const;
        rows.push({ numbers, implementation: 'pypy', executable: undefined, freeThreaded: false });
      }
    }
    rows.sort(newestFirst);
    const shown = rows.map((row) => ({
      row,
      managed: row.executable === undefined || isBelow(row.executable, folder),
    }));
    const chosen = shown.filter(({ managed }) => managed || !flag(input, 'managed'));
    if (chosen.length === 0) {
      context.emit({ kind: 'line', text: 'No Python installations found.' });
      return 0;
    }
    const cells = chosen.map(({ row, managed }) => [
      `${row.numbers.join('.')}${row.freeThreaded ? 't' : ''}`,
      NAMES[row.implementation] ?? row.implementation,
      managed ? 'Poetry' : 'System',
      row.executable?.replaceAll('\\', '/') ?? 'Available for download',
    ]);
    const widths = HEADS.map((head, at) => Math.max(head.length, ...cells.map((one) => one[at]?.length ?? 0)));
    const paint = context.decorated ? colours : noColours;
    const styles = ['c1', 'bold', 'comment', 'success'] as const;
    const line = (texts: readonly string[], style: (at: number) => (typeof styles)[number]): void => {
      const parts = texts.map((text, at) => paint(style(at), text) + ' '.repeat((widths[at] ?? 0) - text.length));
      context.emit({ kind: 'line', text: ` ${parts.join(' ')} ` });
    };
    line(HEADS, () => 'bold');
    for (const one of cells) line(one, (at) => styles[at] ?? 'bold');
    return 0;
  },
};

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

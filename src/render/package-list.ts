/** The tables of `show`: one row for each package, in columns that fit the terminal. */

import type { Paint, Style } from './style.ts';

export interface PackageRow {
  readonly name: string;
  readonly installed: boolean;
  /** False: locked for other systems only. */
  readonly required: boolean;
  readonly version: string;
  readonly description: string;
  /** With `--latest`. */
  readonly latest?: { readonly version: string; readonly status: UpdateStatus };
  /** Names of those that require it, with `--why`. */
  readonly requiredBy?: readonly string[];
  /** True: is not shown, but counts for the widths of the columns (`--top-level`, as Poetry does it). */
  readonly hidden?: boolean;
}

type UpdateStatus = 'up-to-date' | 'semver-safe-update' | 'update-possible';

export interface PackageListOptions {
  readonly paint: Paint;
  readonly decorated: boolean;
  /** Columns; Infinity for no limit. */
  readonly width: number;
}

const STATUS_STYLES: Readonly<Record<UpdateStatus, Style>> = {
  'up-to-date': 'success',
  'semver-safe-update': 'error',
  'update-possible': 'warning',
};

/** The lines, in the order of `rows`, hidden ones left out. A column that does not fit is left out, the description is cut. */
export function packageList(rows: readonly PackageRow[], { paint, decorated, width }: PackageListOptions): string[] {
  const mark = (row: PackageRow): string => (!decorated && !row.installed ? ' (!)' : '');
  const why = rows.some((row) => row.requiredBy !== undefined);
  const latest = rows.some((row) => row.latest !== undefined);
  const names = widest(rows, (row) => row.name + mark(row));
  const versions = widest(rows, (row) => row.version);
  const latests = latest ? widest(rows, (row) => row.latest?.version ?? '') : 0;
  const whys = why ? widest(rows, (row) => ` from ${(row.requiredBy ?? []).join(',')}`) : 0;
  const end = names + versions + latests + whys;

  return rows.flatMap((row) => {
    if (row.hidden) return [];
    let line = nameText(row, mark(row) && row.required ? mark(row) : '', names, paint);
    if (names + versions + 3 <= width) line += ` ${paint('bold', row.version.padEnd(versions))}`;
    if (row.latest && names + versions + latests + 3 <= width) {
      line += ` ${paint(STATUS_STYLES[row.latest.status], row.latest.version.padEnd(latests))}`;
    }
    if (why && end + 3 <= width) {
      const by = row.requiredBy ?? [];
      line += (by.length > 0 ? ` from ${by.join(',')}` : '').padEnd(whys);
    }
    if (end + 24 <= width) {
      const remaining = width - end - 4;
      const fits = row.description.length <= remaining;
      line += ` ${fits ? row.description : `${row.description.slice(0, remaining - 3)}...`}`;
    }
    return line;
  });
}

function nameText(row: PackageRow, mark: string, width: number, paint: Paint): string {
  const style: Style = !row.required ? 'foreign' : row.installed ? 'c1' : 'error';
  return paint(style, row.name.padEnd(width - mark.length) + mark);
}

function widest(rows: readonly PackageRow[], text: (row: PackageRow) => string): number {
  return rows.reduce((width, row) => Math.max(width, text(row).length), 0);
}

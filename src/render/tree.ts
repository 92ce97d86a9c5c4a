/** `show --tree`: a package with all it requires, in box-drawing characters. */

import { compareCodePoints } from '../ground/code-points.ts';
import type { LockedPackage } from '../lock/lock.ts';
import type { ProjectName } from '../names/name.ts';
import type { Requirement } from '../requirements/requirement.ts';
import type { Paint, Style } from './style.ts';

const LEVEL_STYLES: readonly Style[] = ['c1', 'warning', 'success', 'magenta', 'info'];

export interface TreeOptions {
  readonly paint: Paint;
  /** Only ASCII characters. Default: false. */
  readonly ascii?: boolean;
  /** Only the branch to this project at the first level. */
  readonly why?: ProjectName;
}

/** The lines of the tree below `root`, its own first. */
export function packageTree(root: LockedPackage, packages: readonly LockedPackage[], options: TreeOptions): string[] {
  const { paint } = options;
  const description = root.description === '' ? '' : ` ${root.description}`;
  const lines = [`${paint('c1', root.prettyName)} ${paint('bold', root.version.text)}${description}`];
  const byName = new Map<ProjectName, LockedPackage>();
  for (const one of packages) if (!byName.has(one.name)) byName.set(one.name, one);

  const visit = (
    requirements: readonly Requirement[],
    above: ReadonlySet<ProjectName>,
    indent: string,
    level: number,
  ): void => {
    requirements.forEach((one, at) => {
      const last = at === requirements.length - 1;
      const style = LEVEL_STYLES[level % LEVEL_STYLES.length] ?? 'c1';
      const circular = above.has(one.name);
      const tail = level === 1 ? '' : ` ${circular ? '(circular dependency aborted here)' : ''}`;
      lines.push(`${indent}${last ? '└' : '├'}── ${paint(style, one.name)} ${one.prettyConstraint}${tail}`);
      const next = `${indent}${last ? ' ' : '│'}   `;
      if (circular && level > 1) return;
      visit(sorted(byName.get(one.name)?.requirements ?? []), new Set([...above, one.name]), next, level + 1);
    });
  };
  const first =
    options.why === undefined ? sorted(root.requirements) : root.requirements.filter((one) => one.name === options.why);
  visit(first, new Set([root.name]), '', 1);
  return options.ascii ? lines.map(toAscii) : lines;
}

function sorted(requirements: readonly Requirement[]): readonly Requirement[] {
  return requirements.toSorted((a, b) => compareCodePoints(a.name, b.name));
}

function toAscii(line: string): string {
  return line.replaceAll('└', '`-').replaceAll('├', '|-').replaceAll('──', '-').replaceAll('│', '|');
}

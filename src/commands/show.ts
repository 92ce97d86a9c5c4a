/** `show`: what the lock holds, as a list, one package, or a tree. */

import type { Context } from '../app/context.ts';
import { displayVersion } from '../app/display-version.ts';
import { selectGroups } from '../app/selection.ts';
import { argument, type Command, flag, type Input, value } from '../cli/command.ts';
import { TercetError } from '../ground/error.ts';
import { pythonJson } from '../ground/python-json.ts';
import type { Lock, LockedPackage } from '../lock/lock.ts';
import { type GroupName, type ProjectName, projectName } from '../names/name.ts';
import { type Cell, compactTable } from '../render/compact-table.ts';
import { colours, noColours } from '../render/style.ts';
import type { Requirement } from '../requirements/requirement.ts';
import { allows } from '../versions/version-range.ts';
import { GROUP_OPTIONS, groupOptions } from './_options.ts';

export const command: Command = {
  name: 'show',
  description: 'Show the locked packages.',
  arguments: [{ name: 'package', description: 'The one to show', required: false }],
  options: [
    ...GROUP_OPTIONS,
    { name: 'tree', short: 't', description: 'As a tree of who requires whom.' },
    { name: 'why', description: 'Say who requires each; with --tree and a package, the trees that lead to it.' },
    { name: 'latest', short: 'l', description: 'Also the newest version there is.' },
    { name: 'outdated', short: 'o', description: 'Only those of which there is a newer version.' },
    { name: 'all', short: 'a', description: 'Also those for other systems.' },
    { name: 'top-level', short: 'T', description: 'Only what the project itself requires.' },
    { name: 'no-truncate', description: 'Whole lines, however wide the terminal is.' },
    {
      name: 'format',
      short: 'f',
      takesValue: true,
      default: 'text',
      description: 'text or json; json not with --tree.',
    },
    { name: 'html', description: 'Draw all of them as a page, graph.html; as the command graph does.' },
  ],
  help: 'Without an argument all packages that this environment needs; with one, what the lock says of it.',
  async run(context, input) {
    const refusal = refusedCombination(input);
    if (refusal !== undefined) {
      context.emit({ kind: 'notice', text: `Error: ${refusal}` });
      return 1;
    }
    if (flag(input, 'html')) {
      const { drawGraph, GRAPH_FILE } = await import('./_draw-graph.ts');
      return drawGraph(context, input, GRAPH_FILE);
    }
    const { manifest, lockPath } = await context.project();
    const { readLockFile } = await import('../app/lock-file.ts');
    const lock = await readLockFile(lockPath);
    if (!lock) {
      context.emit({ kind: 'notice', text: 'Error: poetry.lock not found. Run `poetry lock` to create it.' });
      return 1;
    }
    const { groups, warnings } = selectGroups(manifest, groupOptions(input));
    for (const text of warnings) context.emit({ kind: 'warning', text });
    const name = argument(input, 'package');
    if (name !== undefined) return showOne(context, input, lock, name, groups);
    if (flag(input, 'tree')) return showTree(context, lock.packages, await directRequirements(context, groups));
    return showList(context, input, lock, groups);
  },
};

function refusedCombination(input: Input): string | undefined {
  const named = argument(input, 'package') !== undefined;
  const tree = flag(input, 'tree');
  if (flag(input, 'top-level') && tree) return 'Cannot use --tree and --top-level at the same time.';
  if (flag(input, 'top-level') && named) return 'Cannot use --top-level when displaying a single package.';
  if (flag(input, 'why') && tree && !named) return '--why requires a package when combined with --tree.';
  if (flag(input, 'why') && !tree && named)
    return '--why cannot be used without --tree when displaying a single package.';
  if (flag(input, 'html') && (named || tree)) return '--html draws everything: it stands without a package and --tree.';
  const format = value(input, 'format');
  if (format !== 'text' && format !== 'json') return 'Invalid output format. Supported formats are: json, text.';
  if (format === 'json' && tree) return '--tree option can only be used with the text output option.';
  return undefined;
}

/** What the groups themselves require. */
async function directRequirements(context: Context, groups: readonly GroupName[]): Promise<readonly Requirement[]> {
  const { manifest } = await context.project();
  const wanted = new Set(groups);
  return manifest.groups.filter((one) => wanted.has(one.name)).flatMap((one) => one.requirements);
}

/** Names of the packages that require `wanted`, with the constraint of each. */
function requirersOf(wanted: ProjectName, packages: readonly LockedPackage[]): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const one of packages) {
    const requirement = one.requirements.findLast((required) => required.name === wanted);
    if (requirement) found.set(one.prettyName, requirement.prettyConstraint);
  }
  return found;
}

async function showOne(
  context: Context,
  input: Input,
  lock: Lock,
  name: string,
  groups: readonly GroupName[],
): Promise<number> {
  const { packages } = lock;
  const matches = packages.filter((one) => one.name === projectName(name));
  let [found] = matches;
  if (!found) throw new TercetError('package-not-found', `Package ${name} not found`);
  if (matches.length > 1) {
    const { requiredPackages } = await import('../app/environment-packages.ts');
    const required = await requiredPackages(context, lock, groups);
    found = matches.find((one) => required.has(one)) ?? found;
  }
  if (flag(input, 'tree')) return showTreeOf(context, found, name, packages, flag(input, 'why'));
  return showFacts(context, found, packages, value(input, 'format') === 'json');
}

/** What a package requires; with `why`, how those come to it that require it. `name` as it was given. */
async function showTreeOf(
  context: Context,
  found: LockedPackage,
  name: string,
  packages: readonly LockedPackage[],
  why: boolean,
): Promise<number> {
  const { packageTree } = await import('../render/tree.ts');
  const line = (text: string): void => context.emit({ kind: 'line', text });
  const paint = context.decorated ? colours : noColours;
  const requirers = requirersOf(found.name, packages);
  const roots = why && requirers.size > 0 ? packages.filter((one) => requirers.has(one.prettyName)) : [found];
  if (why && requirers.size === 0) line(`Package ${name} is a direct dependency.`);
  for (const root of roots) {
    const tree = packageTree(root, packages, { paint, ascii: isAscii(context), ...(why ? { why: found.name } : {}) });
    for (const text of tree) line(text);
  }
  return 0;
}

/** What the lock says of a package, and which others require it. */
function showFacts(
  context: Context,
  found: LockedPackage,
  packages: readonly LockedPackage[],
  asJson: boolean,
): number {
  const line = (text: string): void => context.emit({ kind: 'line', text });
  const paint = context.decorated ? colours : noColours;
  const requirers = requirersOf(found.name, packages);
  const dependencies = found.requirements.map((one) => [one.prettyName, one.prettyConstraint] as const);
  const facts = {
    name: found.prettyName,
    version: found.version.text,
    description: found.description,
    ...(dependencies.length > 0 ? { dependencies: Object.fromEntries(dependencies) } : {}),
    ...(requirers.size > 0 ? { required_by: Object.fromEntries(requirers) } : {}),
  };
  context.emit({ kind: 'data', name: 'package', value: facts });
  if (asJson) {
    line(pythonJson(facts));
    return 0;
  }
  const rows: readonly (readonly Cell[])[] = [
    [label('name'), { lead: ' : ', text: found.prettyName, style: 'c1' }],
    [label('version'), { lead: ' : ', text: found.version.text, style: 'bold' }],
    [label('description'), { lead: ' : ', text: found.description }],
  ];
  for (const text of compactTable(rows, { paint })) line(text);
  if (dependencies.length > 0) line(`\n${paint('info', 'dependencies')}`);
  for (const [one, constraint] of dependencies) line(` - ${paint('c1', one)} ${paint('bold', constraint)}`);
  if (requirers.size > 0) line(`\n${paint('info', 'required by')}`);
  for (const [one, constraint] of requirers) line(` - ${paint('c1', one)} requires ${paint('bold', constraint)}`);
  return 0;
}

function label(text: string): Cell {
  return { text, style: 'info' };
}

async function showTree(
  context: Context,
  packages: readonly LockedPackage[],
  direct: readonly Requirement[],
): Promise<number> {
  const { packageTree } = await import('../render/tree.ts');
  const paint = context.decorated ? colours : noColours;
  for (const root of packages.filter((one) => direct.some(({ name }) => name === one.name))) {
    for (const text of packageTree(root, packages, { paint, ascii: isAscii(context) }))
      context.emit({ kind: 'line', text });
  }
  return 0;
}

async function showList(context: Context, input: Input, lock: Lock, groups: readonly GroupName[]): Promise<number> {
  const { installedNames, requiredPackages } = await import('../app/environment-packages.ts');
  const [required, installed, direct] = await Promise.all([
    requiredPackages(context, lock, groups),
    installedNames(context),
    directRequirements(context, groups),
  ]);
  const isHidden = (one: LockedPackage): boolean =>
    flag(input, 'top-level') && !direct.some((wanted) => satisfies(one, wanted));
  // In a table, packages that are hidden count for the widths of its columns, as in Poetry.
  const isTable = value(input, 'format') !== 'json';
  let shown = lock.packages.filter((one) => (required.has(one) || flag(input, 'all')) && (isTable || !isHidden(one)));

  const withLatest = flag(input, 'latest') || flag(input, 'outdated');
  const latest = withLatest ? await (await import('../app/latest.ts')).latestVersions(context, shown) : undefined;
  if (flag(input, 'outdated')) shown = shown.filter((one) => latest?.get(one)?.status !== 'up-to-date');

  const rows = shown.map((one) => {
    const newest = latest?.get(one);
    return {
      name: one.prettyName,
      installed: installed.has(one.name),
      required: required.has(one),
      version: displayVersion(one),
      description: one.description,
      hidden: isHidden(one),
      ...(newest ? { latest: newest } : {}),
      ...(flag(input, 'why') ? { requiredBy: [...requirersOf(one.name, lock.packages).keys()] } : {}),
    };
  });
  const facts = rows
    .filter(({ hidden }) => !hidden)
    .map((row) => ({
      name: row.name,
      installed_status: row.installed ? 'installed' : 'not-installed',
      version: row.version,
      ...(row.latest ? { latest_version: row.latest.version } : {}),
      ...(row.requiredBy && row.requiredBy.length > 0 ? { required_by: row.requiredBy } : {}),
      description: row.description,
    }));
  context.emit({ kind: 'data', name: 'packages', value: facts });
  if (!isTable) {
    context.emit({ kind: 'line', text: pythonJson(facts) });
    return 0;
  }
  const { packageList } = await import('../render/package-list.ts');
  const lines = packageList(rows, {
    paint: context.decorated ? colours : noColours,
    decorated: context.decorated,
    width: flag(input, 'no-truncate') ? Number.POSITIVE_INFINITY : context.columns,
  });
  for (const text of lines) context.emit({ kind: 'line', text });
  return 0;
}

/** Whether this is a release that `wanted` allows. */
function satisfies({ name, version }: LockedPackage, wanted: Requirement): boolean {
  return name === wanted.name && allows(wanted.constraint, version);
}

/** Whether the locale says that output is not UTF-8. */
function isAscii({ env }: Context): boolean {
  if (env.PYTHONIOENCODING) return !/utf-?8/i.test(env.PYTHONIOENCODING);
  return false;
}

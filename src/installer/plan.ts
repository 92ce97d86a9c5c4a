/**
 * What has to be done so that an environment has what a lock asks for. Pure: compares two lists.
 *
 * The order is Poetry's: removals, then the rest by depth in the graph and by name, of one depth what is installed for editing last; an operation on
 * pip before all.
 */

import type { DirectUrl, InstalledDistribution } from '../environments/installed.ts';
import type { LockedPackage, LockedSource } from '../lock/lock.ts';
import type { ProjectName } from '../names/name.ts';
import { compareVersions, sameVersion, tryParseVersion } from '../versions/version.ts';

/** Why an operation is only listed. */
export type SkipReason = 'Already installed' | 'Not required';

export type Operation =
  | { readonly kind: 'install'; readonly package: LockedPackage; readonly skipped?: SkipReason }
  | { readonly kind: 'update' | 'downgrade'; readonly package: LockedPackage; readonly from: InstalledDistribution }
  | { readonly kind: 'uninstall'; readonly from: InstalledDistribution };

/** Operations in the order in which they are to be done and shown. */
export type Plan = readonly Operation[];

export interface PlanInput {
  /** All packages of the lock. */
  readonly locked: readonly LockedPackage[];
  /** Those among them that the selection needs. */
  readonly selected: ReadonlySet<LockedPackage>;
  readonly installed: readonly InstalledDistribution[];
  /** The lock before it was changed: what is no longer locked goes. Default: nothing goes for that reason. */
  readonly previous?: readonly LockedPackage[];
  /** Remove whatever is not selected, but for the project itself and pip. Default: false. */
  readonly sync?: boolean;
  /** The project itself. */
  readonly root?: ProjectName | undefined;
  /** Leave out packages that are folders. Default: false. */
  readonly noDirectory?: boolean;
  /** The folder that relative paths of the lock start from. */
  readonly projectDir: string;
}

export function planOperations(input: PlanInput): Plan {
  const installed = new Map(input.installed.map((one) => [one.name, one]));
  const operations: Operation[] = [];
  const required = new Set<ProjectName>();
  for (const locked of input.locked) {
    const selected = input.selected.has(locked);
    if (selected) required.add(locked.name);
    else if (!locked.optional) continue;
    const operation = operationFor(locked, installed.get(locked.name), selected, input);
    if (operation !== undefined) operations.push(operation);
  }
  return [...pipFirst([...removals(input, installed, required), ...inOrder(operations)])];
}

/** How many operations of each kind there are, as the line `Package operations` counts them. */
export function countOperations(plan: Plan): Readonly<Record<'installs' | 'updates' | 'removals' | 'skipped', number>> {
  let [installs, updates, removed, skipped] = [0, 0, 0, 0];
  for (const operation of plan) {
    if (isSkipped(operation)) skipped++;
    else if (operation.kind === 'install') installs++;
    else if (operation.kind === 'uninstall') removed++;
    else updates++;
  }
  return { installs, updates, removals: removed, skipped };
}

/** True for what is only listed. */
export function isSkipped(operation: Operation): boolean {
  return operation.kind === 'install' && operation.skipped !== undefined;
}

/** True where the installed distribution is the locked one: version, source, and whether it is editable. */
export function isSatisfied(locked: LockedPackage, installed: InstalledDistribution, projectDir: string): boolean {
  const version = tryParseVersion(installed.version);
  if (version === undefined || !sameVersion(version, locked.version)) return false;
  const { source } = locked;
  if ((source?.type === 'directory' || source?.type === 'git') && (locked.develop ?? false) !== installed.editable)
    return false;
  // An installed distribution does not say which index it came from.
  if (installed.directUrl === undefined) return source === undefined || source.type === 'legacy';
  return source !== undefined && sameSource(source, installed.directUrl, projectDir);
}

function operationFor(
  locked: LockedPackage,
  installed: InstalledDistribution | undefined,
  selected: boolean,
  { projectDir, noDirectory }: PlanInput,
): Operation | undefined {
  if (installed === undefined) {
    if (noDirectory === true && locked.source?.type === 'directory') return undefined;
    return { kind: 'install', package: locked, ...(selected ? {} : { skipped: 'Not required' }) };
  }
  if (!selected) return undefined;
  if (isSatisfied(locked, installed, projectDir))
    return { kind: 'install', package: locked, skipped: 'Already installed' };
  const version = tryParseVersion(installed.version);
  const lower = version !== undefined && compareVersions(locked.version, version) < 0;
  return { kind: lower ? 'downgrade' : 'update', package: locked, from: installed };
}

function removals(
  input: PlanInput,
  installed: ReadonlyMap<ProjectName, InstalledDistribution>,
  required: ReadonlySet<ProjectName>,
): Operation[] {
  const going = new Map<ProjectName, InstalledDistribution>();
  const locked = new Set(input.locked.map(({ name }) => name));
  for (const { name } of input.previous ?? []) {
    const found = installed.get(name);
    if (found !== undefined && !locked.has(name)) going.set(name, found);
  }
  if (input.sync === true) {
    for (const [name, found] of installed) {
      if (!required.has(name) && name !== input.root && name !== PIP) going.set(name, found);
    }
  }
  return [...going.values()]
    .filter(({ inherited }) => !inherited)
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map((from) => ({ kind: 'uninstall', from }));
}

const PIP = 'pip' as ProjectName;

function inOrder(operations: readonly Operation[]): Operation[] {
  const rank = (operation: Operation): number =>
    operation.kind === 'uninstall' || (operation.kind === 'install' && operation.skipped === 'Already installed')
      ? 0
      : (operation.package.depth ?? 0);
  return [...operations].sort((a, b) => {
    if (rank(a) !== rank(b)) return rank(b) - rank(a);
    if (isForEditing(a) !== isForEditing(b)) return isForEditing(a) ? 1 : -1;
    const [left, right] = [nameOf(a), nameOf(b)];
    if (left !== right) return left < right ? -1 : 1;
    return a.kind !== 'uninstall' && b.kind !== 'uninstall' ? compareVersions(a.package.version, b.package.version) : 0;
  });
}

/** True for a folder or repository that is to be linked from where it is: Poetry does these one by one, after the others. */
function isForEditing(operation: Operation): boolean {
  if (operation.kind === 'uninstall' || isSkipped(operation)) return false;
  const { source, develop } = operation.package;
  return develop === true && (source?.type === 'directory' || source?.type === 'git');
}

function pipFirst(operations: readonly Operation[]): Operation[] {
  const at = operations.findIndex((operation) => nameOf(operation) === PIP);
  const pip = operations[at];
  return pip === undefined ? [...operations] : [pip, ...operations.slice(0, at), ...operations.slice(at + 1)];
}

/** The project an operation is about. */
export function nameOf(operation: Operation): ProjectName {
  return operation.kind === 'uninstall' ? operation.from.name : operation.package.name;
}

function sameSource(source: LockedSource, direct: DirectUrl, projectDir: string): boolean {
  if ((source.subdirectory ?? '') !== (direct.subdirectory ?? '')) return false;
  switch (source.type) {
    case 'legacy':
      return false;
    case 'git': {
      const info = direct.vcs_info;
      if (info === undefined || info.vcs !== 'git' || direct.url !== source.url) return false;
      return info.commit_id === source.resolvedReference;
    }
    case 'url':
      return direct.archive_info !== undefined && direct.url === source.url;
    case 'file':
      return direct.archive_info !== undefined && pathOfUrl(direct.url) === absolutePath(source.url, projectDir);
    case 'directory':
      return direct.dir_info !== undefined && pathOfUrl(direct.url) === absolutePath(source.url, projectDir);
  }
}

/** The path of a `file:` URL with `/`; undefined for other URLs. */
export function pathOfUrl(url: string): string | undefined {
  if (!url.startsWith('file:')) return undefined;
  try {
    return decodeURIComponent(url.replace(/^file:(\/\/(localhost)?)?/, '').replace(/^\/([A-Za-z]:)/, '$1')).replace(
      /(.)\/$/,
      '$1',
    );
  } catch {
    return undefined;
  }
}

/** A path of a lock, absolute, with `/`, without `.` and `..`. */
export function absolutePath(path: string, projectDir: string): string {
  const plain = path.replaceAll('\\', '/');
  const whole =
    plain.startsWith('/') || /^[A-Za-z]:\//.test(plain) ? plain : `${projectDir.replaceAll('\\', '/')}/${plain}`;
  const segments: string[] = [];
  for (const segment of whole.split('/')) {
    if (segment === '..') segments.pop();
    else if (segment !== '.' && segment !== '') segments.push(segment);
  }
  return `${whole.startsWith('/') ? '/' : ''}${segments.join('/')}`;
}

/**
 * Raising the constraints of a `pyproject.toml`: where each one stands, which may be raised, and the text with others in their place. The
 * operator a constraint was written with stays.
 */

import { type ProjectName, projectName } from '../names/name.ts';
import { replaceItem, setKey } from '../toml/edit.ts';
import { asArray, asString, asTable, readToml, type TomlTable, tableAt } from '../toml/read.ts';
import { nextBreaking, withoutLocal } from '../versions/next-version.ts';
import { compareVersions, tryParseVersion, type Version } from '../versions/version.ts';

/** A constraint in the file. */
export interface WrittenConstraint {
  /** The normalised name. */
  readonly name: ProjectName;
  /** As written. */
  readonly prettyName: string;
  /** `main`, or the group. */
  readonly group: string;
  /** As written, without brackets; `*` where there is none. */
  readonly constraint: string;
  /** From the root of the file to the text (an item of an array has its index last). */
  readonly path: readonly (string | number)[];
  /** A PEP 508 text, which cannot say `^` and `~`. */
  readonly standard: boolean;
}

/** What is to be raised beside what plainly can. */
export interface RaiseOptions {
  /** Also beyond what the constraint allows. */
  readonly latest: boolean;
  /** Also exact versions; with `latest` only. */
  readonly pinned: boolean;
  /** Not what has a `*`; with `latest` only. */
  readonly preserveWildcard: boolean;
}

/** Every constraint on a release of an index, in the order of the file's sections. Addresses, paths and repositories have none. */
export function writtenConstraints(text: string): readonly WrittenConstraint[] {
  const toml = readToml(text, 'pyproject.toml');
  const project = asTable(toml.project) ?? {};
  const poetry = tableAt(toml, 'tool', 'poetry') ?? {};
  const found: WrittenConstraint[] = standardOf(project.dependencies, ['project', 'dependencies'], 'main');
  for (const [extra, list] of Object.entries(asTable(project['optional-dependencies']) ?? {})) {
    found.push(...standardOf(list, ['project', 'optional-dependencies', extra], 'main'));
  }
  for (const [group, list] of Object.entries(asTable(toml['dependency-groups']) ?? {})) {
    found.push(...standardOf(list, ['dependency-groups', group], group));
  }
  const tool = ['tool', 'poetry'];
  found.push(...tableOf(asTable(poetry.dependencies), [...tool, 'dependencies'], 'main'));
  found.push(...tableOf(asTable(poetry['dev-dependencies']), [...tool, 'dev-dependencies'], 'dev'));
  for (const [group, table] of Object.entries(asTable(poetry.group) ?? {})) {
    const path = [...tool, 'group', group, 'dependencies'];
    found.push(...tableOf(asTable(asTable(table)?.dependencies), path, group));
  }
  return found;
}

/** `poetry up`'s rule: without `latest` only what says `^`, `~` or one `>=`, or a lower and an upper bound in a PEP 508 text. */
export function mayRaise({ constraint, standard }: WrittenConstraint, options: RaiseOptions): boolean {
  const isPin = /^(?:==?=?\s*)?v?\d[^*,|]*$/.test(constraint);
  if (options.latest) {
    if (isPin) return options.pinned;
    return !(constraint.includes('*') && options.preserveWildcard);
  }
  if (isPin || constraint.includes('||') || constraint.includes('*')) return false;
  if (/^(?:\^|~|>=)[^,]*$/.test(constraint)) return true;
  return standard && /^>=[^,]+,\s*<[^,]+$/.test(constraint);
}

/**
 * The constraint that a version is put into, in the manner of the one before; undefined where that says the same already, or asks for more
 * than the version.
 */
export function raisedConstraint(written: WrittenConstraint, version: Version, latest: boolean): string | undefined {
  const { constraint, standard } = written;
  const plain = withoutLocal(version);
  const raised = inManner(constraint, plain, { standard, latest });
  const before = /^(?:\^|~=?|>=|==?=?)?\s*v?(\d[^,|*\s]*)/.exec(constraint)?.[1];
  const lower = before === undefined ? undefined : tryParseVersion(before);
  if (lower !== undefined && compareVersions(lower, plain) >= 0) return undefined;
  return raised === constraint.replace(/\s+/g, '') ? undefined : raised;
}

/** The file with another constraint at that place. */
export function withConstraintAt(text: string, { path, standard }: WrittenConstraint, raised: string): string {
  const parent = path.slice(0, -1);
  const last = path.at(-1);
  if (!standard) return setKey(text, path, raised);
  const line = asString(asArray(at(readToml(text, 'pyproject.toml'), parent))[Number(last)]) ?? '';
  return replaceItem(text, parent, Number(last), withSpecifier(line, raised));
}

const REQUIREMENT = /^(\s*[A-Za-z0-9][\w.-]*\s*(?:\[[^\]]*\])?)(\s*)(\(?)\s*([^;()@]*?)\s*(\)?)(\s*(?:;.*)?)$/s;

function withSpecifier(line: string, raised: string): string {
  const found = REQUIREMENT.exec(line);
  if (found === null) return line;
  const [, name = '', space = '', open = '', specifier = '', close = '', rest = ''] = found;
  // A requirement without a version gets one as `add` writes it.
  return specifier === '' ? `${name} (${raised})${rest}` : `${name}${space}${open}${raised}${close}${rest}`;
}

function standardOf(value: unknown, path: readonly string[], group: string): WrittenConstraint[] {
  return asArray(value).flatMap((item, index): WrittenConstraint[] => {
    const found = typeof item === 'string' ? REQUIREMENT.exec(item) : null;
    if (found === null) return [];
    const prettyName = (found[1] ?? '').trim().replace(/\s*\[.*$/s, '');
    const constraint = found[4] === '' ? '*' : (found[4] ?? '*');
    return [{ name: projectName(prettyName), prettyName, group, constraint, path: [...path, index], standard: true }];
  });
}

function tableOf(table: TomlTable | undefined, path: readonly string[], group: string): WrittenConstraint[] {
  return Object.entries(table ?? {}).flatMap(([prettyName, value]): WrittenConstraint[] => {
    if (prettyName.toLowerCase() === 'python') return [];
    const inner = asString(asTable(value)?.version);
    const constraint = asString(value) ?? inner;
    if (constraint === undefined) return [];
    const place = inner === undefined ? [...path, prettyName] : [...path, prettyName, 'version'];
    return [
      { name: projectName(prettyName), prettyName, group, constraint: constraint.trim(), path: place, standard: false },
    ];
  });
}

/** `^`, `~`, `~=`, `>=` and `==` stay what they are; everything else becomes `^`. */
function inManner(
  constraint: string,
  version: Version,
  { standard, latest }: { readonly standard: boolean; readonly latest: boolean },
): string {
  const operator = /^(\^|~=|~|>=|===?|=|(?=\d[^*,|]*$))\s*/.exec(constraint)?.[1];
  const upper = /^>=[^,]+,\s*(<[^,]+)$/.exec(constraint)?.[1];
  if (upper !== undefined) return latest ? caretOf(version, standard) : `>=${version.text},${upper}`;
  if (constraint.includes(',') || constraint.includes('|')) return caretOf(version, standard);
  switch (operator) {
    case '~=': {
      const parts = /[\d.]+/.exec(constraint)?.[0].split('.').length ?? 2;
      return `~=${[...version.release, 0, 0, 0].slice(0, Math.max(2, parts)).join('.')}`;
    }
    case '~':
    case '>=':
    case '=':
    case '==':
    case '===':
    case '':
      return `${operator}${version.text}`;
    default:
      return caretOf(version, standard);
  }
}

function caretOf(version: Version, standard: boolean): string {
  return standard ? `>=${version.text},<${nextBreaking(version).text}` : `^${version.text}`;
}

function at(toml: TomlTable, path: readonly (string | number)[]): unknown {
  return path.reduce<unknown>((value, key) => asTable(value)?.[String(key)], toml);
}

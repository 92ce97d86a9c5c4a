/** One `[[package]]` of `poetry.lock` as text, in the key order of Poetry 2.5.1. */

import { compareCodePoints } from '../ground/code-points.ts';
import { anyMarker, formatMarker, isAnyMarker, type Marker, markerKey } from '../markers/marker.ts';
import { compareGroups, type GroupName } from '../names/name.ts';
import type { Requirement } from '../requirements/requirement.ts';
import { tomlKey, tomlString, tomlValue } from '../toml/write.ts';
import type { LockedFile, LockedPackage, LockedSource } from './lock.ts';

/** The lines of a package from `[[package]]` on, without line feeds. */
export function packageLines(locked: LockedPackage): string[] {
  const groups = [...locked.groups].sort(compareGroups);
  const markers = markersValue(groups, locked.markers);
  const lines = [
    '[[package]]',
    `name = ${tomlString(locked.prettyName)}`,
    `version = ${tomlString(locked.version.text)}`,
    `description = ${tomlString(locked.description)}`,
    `optional = ${locked.optional}`,
    `python-versions = ${tomlString(locked.pythonVersions)}`,
    `groups = ${tomlValue(groups)}`,
  ];
  if (typeof markers === 'string') lines.push(`markers = ${tomlString(markers)}`);
  pushFiles(lines, locked.files);
  if (locked.develop !== undefined && hasDevelop(locked.source)) lines.push(`develop = ${locked.develop}`);
  if (typeof markers === 'object') lines.push(`markers = ${tomlValue(markers)}`);
  pushDependencies(lines, locked.requirements);
  pushTexts(lines, '[package.extras]', locked.extras);
  pushSource(lines, locked.source);
  return lines;
}

/** A table of arrays with its header and the blank line before it; nothing for an empty map. */
export function pushTexts(lines: string[], header: string, table: ReadonlyMap<string, readonly string[]>): void {
  if (table.size === 0) return;
  lines.push('', header);
  for (const [name, texts] of [...table].sort(([a], [b]) => compareCodePoints(a, b))) {
    lines.push(`${tomlKey(name)} = ${tomlValue([...texts].sort(compareCodePoints))}`);
  }
}

/** One text where all groups agree, else a table by group; undefined where the package is always needed. */
function markersValue(
  groups: readonly GroupName[],
  markers: ReadonlyMap<GroupName, Marker>,
): string | Record<string, string> | undefined {
  const each = groups.map((group) => markers.get(group) ?? anyMarker);
  const first = each[0];
  if (first === undefined) return undefined;
  if (each.every((marker) => marker === first || markerKey(marker) === markerKey(first))) {
    return isAnyMarker(first) ? undefined : formatMarker(first);
  }
  const table: Record<string, string> = {};
  for (const group of groups) {
    const marker = markers.get(group);
    if (marker !== undefined && !isAnyMarker(marker)) table[group] = formatMarker(marker);
  }
  return table;
}

function pushFiles(lines: string[], files: readonly LockedFile[]): void {
  if (files.length === 0) {
    lines.push('files = []');
    return;
  }
  lines.push('files = [');
  for (const { file, hash } of [...files].sort((a, b) => compareCodePoints(a.file, b.file))) {
    lines.push(`    {file = ${tomlString(file)}, hash = ${tomlString(hash)}},`);
  }
  lines.push(']');
}

function hasDevelop(source: LockedSource | undefined): boolean {
  return source?.type === 'directory' || source?.type === 'git';
}

/** By name, then marker; requirements that spell a name alike share a key. */
function pushDependencies(lines: string[], requirements: readonly Requirement[]): void {
  if (requirements.length === 0) return;
  const sorted = requirements
    .map((requirement) => ({ requirement, marker: formatMarker(requirement.marker) }))
    .sort((a, b) => compareCodePoints(a.requirement.name, b.requirement.name) || compareCodePoints(a.marker, b.marker));
  const byName = new Map<string, Record<string, unknown>[]>();
  for (const { requirement, marker } of sorted) {
    const entries = byName.get(requirement.prettyName);
    const entry = dependencyEntry(requirement, marker);
    if (entries === undefined) byName.set(requirement.prettyName, [entry]);
    else entries.push(entry);
  }
  lines.push('', '[package.dependencies]');
  for (const [name, entries] of byName) {
    const plain = entries.every((entry) => 'version' in entry && Object.keys(entry).length === 1);
    const texts = entries.map((entry) => tomlValue(plain ? entry.version : entry));
    if (texts.length === 1) lines.push(`${tomlKey(name)} = ${texts[0]}`);
    else lines.push(`${tomlKey(name)} = [`, ...texts.map((text) => `    ${text},`), ']');
  }
}

function dependencyEntry(requirement: Requirement, marker: string): Record<string, unknown> {
  const entry = originEntry(requirement);
  if (requirement.extras.length > 0) entry.extras = [...requirement.extras].sort(compareCodePoints);
  if (requirement.optional) entry.optional = true;
  if (marker !== '') entry.markers = marker;
  return entry;
}

function originEntry({ origin, prettyConstraint }: Requirement): Record<string, unknown> {
  switch (origin.kind) {
    case 'index':
      return { version: prettyConstraint };
    case 'url':
      return { url: origin.url };
    case 'file':
      return { path: posixPath(origin.path) };
    case 'directory': {
      const path = origin.subdirectory === undefined ? origin.path : `${origin.path}/${origin.subdirectory}`;
      return origin.develop ? { path: posixPath(path), develop: true } : { path: posixPath(path) };
    }
    case 'git':
      return {
        git: origin.url,
        ...(origin.reference === undefined ? {} : { [origin.reference.kind]: origin.reference.name }),
        ...(origin.subdirectory === undefined ? {} : { subdirectory: origin.subdirectory }),
      };
  }
}

/** As Python's `PurePosixPath` spells a path: without `.` and empty steps. */
function posixPath(path: string): string {
  const steps = path.split('/').filter((step) => step !== '' && step !== '.');
  return (path.startsWith('/') ? '/' : '') + steps.join('/') || '.';
}

function pushSource(lines: string[], source: LockedSource | undefined): void {
  if (source === undefined) return;
  lines.push('', '[package.source]', `type = ${tomlString(source.type)}`, `url = ${tomlString(source.url)}`);
  if (source.reference) lines.push(`reference = ${tomlString(source.reference)}`);
  if (source.resolvedReference) lines.push(`resolved_reference = ${tomlString(source.resolvedReference)}`);
  if (source.subdirectory) lines.push(`subdirectory = ${tomlString(source.subdirectory)}`);
}

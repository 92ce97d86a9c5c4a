/**
 * One requirement of a `pyproject.toml` said differently, text → text: as little as possible changes, so that the result
 * can be shown as the line to write.
 */

import { formatMarker, intersectMarkers, markerFromPython } from '../markers/marker.ts';
import { MAIN_GROUP, projectName } from '../names/name.ts';
import { removeKey, replaceItem, setKey, type TomlPath } from '../toml/edit.ts';
import { asTable, readToml, tableAt } from '../toml/read.ts';
import { parseMarkerConstraint } from '../versions/poetry-constraint.ts';
import { removeRequirements } from './_remove-requirements.ts';
import { spelled } from './_sections.ts';
import type { Entry } from './entries.ts';

/** What to change. Constraints are written as the entry's style has it: specifiers, or Poetry's grammar. */
export type Amendment =
  /** '' or `*`: any version. */
  | { readonly kind: 'constraint'; readonly entry: Entry; readonly constraint: string }
  | { readonly kind: 'name'; readonly entry: Entry; readonly name: string }
  | { readonly kind: 'extras'; readonly entry: Entry; readonly extras: readonly string[] }
  /** Needed on these Pythons only; a range in Poetry's grammar. */
  | { readonly kind: 'marker'; readonly entry: Entry; readonly python: string }
  | { readonly kind: 'prereleases'; readonly entry: Entry }
  /** Undefined: from any source that is not explicit. */
  | { readonly kind: 'source'; readonly entry: Entry; readonly source: string | undefined }
  | { readonly kind: 'remove'; readonly entry: Entry }
  /** The project's own Pythons. */
  | { readonly kind: 'python'; readonly python: string };

/** A text with the amendment in it, and where to look at it. */
export interface Amended {
  readonly text: string;
  /** Undefined where something went. */
  readonly path: TomlPath | undefined;
}

/** The amended text; undefined where the entry is written in a way that leaves no room for it. */
export function amend(text: string, amendment: Amendment): Amended | undefined {
  switch (amendment.kind) {
    case 'python':
      return withPython(text, amendment.python);
    case 'remove': {
      const { entry } = amendment;
      return { text: removeRequirements(text, [entry.name], entry.group).text, path: undefined };
    }
    case 'prereleases':
      return withDetail(text, amendment.entry, 'allow-prereleases', true);
    case 'source':
      return withDetail(text, amendment.entry, 'source', amendment.source);
    default:
      return amendment.entry.style === 'pep-508' ? withItem(text, amendment) : withTable(text, amendment);
  }
}

type Rewording = Extract<Amendment, { readonly kind: 'constraint' | 'name' | 'extras' | 'marker' }>;

/** Name, extras, constraint and marker of a PEP 508 string that asks an index, with the spaces between them. */
const PARTS = /^(\s*)([A-Za-z0-9](?:[\w.-]*[A-Za-z0-9])?)(\s*\[[^\]]*\])?(\s*)([^;@]*?)(\s*)(;.*)?$/s;

function withItem(text: string, change: Rewording): Amended | undefined {
  const { path, written } = change.entry;
  const parts = PARTS.exec(String(written));
  const index = path.at(-1);
  if (parts === null || typeof index !== 'number') return undefined;
  const [, before = '', name = '', extras = '', gap = '', constraint = '', space = '', marker = ''] = parts;
  const worded = (): string => {
    switch (change.kind) {
      case 'constraint': {
        const wanted =
          constraint.startsWith('(') && change.constraint !== '' ? `(${change.constraint})` : change.constraint;
        return (
          before + name + extras + (wanted === '' ? '' : gap) + wanted + (marker === '' ? '' : space || ' ') + marker
        );
      }
      case 'name':
        return before + change.name + extras + gap + constraint + space + marker;
      case 'extras': {
        const list = change.extras.length === 0 ? '' : `[${change.extras.join(',')}]`;
        return before + name + list + gap + constraint + space + marker;
      }
      case 'marker': {
        const [requirement] = change.entry.requirements;
        const python = markerFromPython(parseMarkerConstraint(change.python));
        const both = requirement === undefined ? python : intersectMarkers(requirement.marker, python);
        return `${before}${name}${extras}${gap}${constraint} ; ${formatMarker(both).replaceAll('"', "'")}`;
      }
    }
  };
  return { text: replaceItem(text, path.slice(0, -1), index, worded()), path };
}

function withTable(text: string, change: Rewording): Amended | undefined {
  const { path, written } = change.entry;
  if (change.kind === 'name') {
    const renamed = [...path.slice(0, -1), change.name];
    const without = removeRequirements(text, [change.entry.name], change.entry.group).text;
    return { text: setKey(without, renamed, written), path: renamed };
  }
  const key = change.kind === 'constraint' ? 'version' : change.kind === 'extras' ? 'extras' : 'python';
  const value =
    change.kind === 'constraint' ? change.constraint || '*' : change.kind === 'extras' ? change.extras : change.python;
  if (typeof written === 'string') {
    return { text: setKey(text, path, key === 'version' ? value : { version: written, [key]: value }), path };
  }
  const table = asTable(written);
  if (table === undefined) return undefined;
  if (key === 'python' && table.python !== undefined) return undefined;
  if (key === 'extras' && Array.isArray(value) && value.length === 0) {
    const { extras: _, ...rest } = table;
    return { text: setKey(text, path, rest), path };
  }
  return { text: setKey(text, [...path, key], value), path };
}

/** A key that only `[tool.poetry]` has; beside a standard requirement it stands in an entry of its own. */
function withDetail(
  text: string,
  { path, group, name, written, style }: Entry,
  key: string,
  value: unknown,
): Amended | undefined {
  if (style === 'pep-508') {
    if (value === undefined) return undefined;
    const tool = group === MAIN_GROUP ? ['dependencies'] : ['group', group, 'dependencies'];
    const section = ['tool', 'poetry', ...tool];
    const present = tableAt(readToml(text, 'pyproject.toml'), ...section);
    const beside = [...section, spelled(present, name, projectName)];
    const isTable = asTable(present?.[beside.at(-1) ?? '']) !== undefined;
    return {
      text: isTable ? setKey(text, [...beside, key], value) : setKey(text, beside, { [key]: value }),
      path: beside,
    };
  }
  const table = typeof written === 'string' ? { version: written } : asTable(written);
  if (table === undefined) return undefined;
  const { [key]: _, ...rest } = table;
  if (value === undefined && Object.keys(rest).length === 0) return { text: removeKey(text, path), path: undefined };
  if (value !== undefined && typeof written !== 'string') return { text: setKey(text, [...path, key], value), path };
  return { text: setKey(text, path, value === undefined ? rest : { ...rest, [key]: value }), path };
}

/** Where both `[project]` and `[tool.poetry]` name Pythons, the narrower, Poetry's, is changed. */
function withPython(text: string, python: string): Amended | undefined {
  const toml = readToml(text, 'pyproject.toml');
  const places: readonly TomlPath[] = [
    ['tool', 'poetry', 'dependencies', 'python'],
    ['project', 'requires-python'],
  ];
  const path = places.find((place) => {
    const keys = place.map(String);
    return typeof tableAt(toml, ...keys.slice(0, -1))?.[keys.at(-1) ?? ''] === 'string';
  });
  return path === undefined ? undefined : { text: setKey(text, path, python), path };
}

/**
 * A lock as pip's `requirements.txt` or `constraints.txt` (pip's "Requirements File Format"), as Poetry's export plug-in writes it: a
 * line for each package, sorted, with its marker and its hashes, and above them the indexes beside PyPI.
 */

import { compareCodePoints } from '../ground/code-points.ts';
import type { LockedFile, LockedPackage, LockedSource } from '../lock/lock.ts';
import {
  formatMarker,
  intersectMarkers,
  isAnyMarker,
  isEmptyMarker,
  type Marker,
  markerFromPython,
  withoutExtras,
} from '../markers/marker.ts';
import type { ExtraName } from '../names/name.ts';
import { formatRequirement } from '../requirements/format-requirement.ts';
import { withProtocol } from '../requirements/git-url.ts';
import { plainRequirement, type Requirement } from '../requirements/requirement.ts';
import { parseMarkerConstraint } from '../versions/poetry-constraint.ts';
import type { VersionRange } from '../versions/version-range.ts';
import type { ExportedPackage } from './exported-packages.ts';

/** An index of the project, in the order in which it is searched; `url` without a final `/`. */
export interface ExportIndex {
  /** As locks name it. */
  readonly url: string;
  /** As it is written; differs where credentials are shown. */
  readonly shownUrl: string;
  /** Written as `--index-url`: nothing comes from PyPI, and this one is searched first. */
  readonly isDefault: boolean;
}

export interface RequirementsOptions {
  readonly format: 'requirements.txt' | 'constraints.txt';
  readonly hashes: boolean;
  /** The project's Python range. */
  readonly python: VersionRange;
  /** The project's absolute folder, from which relative paths start. */
  readonly directory: string;
  /** Those to name; empty where addresses are not wanted. */
  readonly indexes: readonly ExportIndex[];
}

/** The text, and the editable packages that constraints cannot hold and that are therefore missing. */
export interface RequirementsText {
  readonly text: string;
  readonly left: readonly LockedPackage[];
}

/** The packages as pip reads them, sorted; each with its marker, and its hashes where they are wanted. */
export function formatRequirementsTxt(
  packages: readonly ExportedPackage[],
  options: RequirementsOptions,
): RequirementsText {
  const python = markerFromPython(options.python);
  const left: LockedPackage[] = [];
  const lines = new Set<string>();
  const used = new Set<string>();
  for (const { locked, marker: needed, extras = [], settled = false } of packages) {
    if (locked.develop === true && options.format === 'constraints.txt') {
      left.push(locked);
      continue;
    }
    const hashes = options.hashes ? hashLines(locked.files) : '';
    const marker = settled ? needed : withPython(intersectMarkers(python, needed), locked);
    const named = options.format === 'constraints.txt' ? [] : extras;
    lines.add(
      packageLine(locked, { marker: withoutExtras(marker), extras: named, directory: options.directory }) + hashes,
    );
    if (locked.source?.type === 'legacy') used.add(locked.source.url.replace(/\/+$/, ''));
  }
  const body = `${[...lines].sort(compareCodePoints).join('\n')}\n`;
  return { text: indexLines(used, options.indexes) + body, left };
}

interface LineParts {
  readonly marker: Marker;
  readonly extras: readonly ExtraName[];
  readonly directory: string;
}

function packageLine(locked: LockedPackage, { marker, extras, directory }: LineParts): string {
  const condition = isAnyMarker(marker) || isEmptyMarker(marker) ? '' : ` ; ${formatMarker(marker)}`;
  const { source } = locked;
  switch (source?.type) {
    case 'git':
    case 'url':
      return `${originText(locked, { source, extras, directory })}${condition}`;
    case 'file':
    case 'directory': {
      const line = originText(locked, { source, extras, directory });
      return locked.develop === true ? `-e ${line.slice(line.indexOf(' @ ') + 3)}${condition}` : line + condition;
    }
    default:
      return `${locked.name}${extrasText(extras)}==${locked.version.text}${condition}`;
  }
}

/** The condition with what the package itself says of Python. */
function withPython(marker: Marker, { pythonVersions }: LockedPackage): Marker {
  const range = parseMarkerConstraint(pythonVersions);
  return range.kind === 'any' ? marker : intersectMarkers(marker, markerFromPython(range));
}

/** `name[extras] @ address`. */
function originText(
  locked: LockedPackage,
  { source, extras, directory }: { readonly source: LockedSource } & Pick<LineParts, 'extras' | 'directory'>,
): string {
  return formatRequirement({ ...plainRequirement(locked.name), extras, origin: originOf(source) }, { base: directory });
}

function extrasText(extras: readonly ExtraName[]): string {
  return extras.length === 0 ? '' : `[${extras.join(',')}]`;
}

function originOf(source: LockedSource): Requirement['origin'] {
  const { url, subdirectory } = source;
  const within = subdirectory === undefined ? {} : { subdirectory };
  switch (source.type) {
    case 'git': {
      const revision = source.resolvedReference ?? source.reference;
      const reference = revision === undefined ? {} : { reference: { kind: 'rev' as const, name: revision } };
      return { kind: 'git', url: withProtocol(url), develop: false, ...reference, ...within };
    }
    case 'directory':
      return { kind: 'directory', path: url, develop: false };
    case 'file':
      return { kind: 'file', path: url };
    default:
      return { kind: 'url', url, ...within };
  }
}

const ALGORITHMS: ReadonlySet<string> = new Set(['sha256', 'sha384', 'sha512']);

/** Hashes of the algorithms that pip accepts. */
function hashLines(files: readonly LockedFile[]): string {
  return files
    .map(({ hash }) => (hash.includes(':') ? hash : `sha256:${hash}`))
    .filter((hash) => ALGORITHMS.has(hash.slice(0, hash.indexOf(':'))))
    .sort(compareCodePoints)
    .map((hash) => ` \\\n    --hash=${hash}`)
    .join('');
}

/** The options for the indexes that packages come from, and an empty line below them. */
function indexLines(used: ReadonlySet<string>, indexes: readonly ExportIndex[]): string {
  if (used.size === 0 || indexes.length === 0) return '';
  const lines = indexes
    .filter(({ url }) => used.has(url))
    .flatMap(({ shownUrl, isDefault }) => {
      const host = /^http:\/\/([^/?#]*)/.exec(shownUrl)?.[1];
      const option = `${isDefault ? '--index-url' : '--extra-index-url'} ${shownUrl}\n`;
      return host === undefined ? [option] : [`--trusted-host ${host}\n`, option];
    });
  return `${lines.join('')}\n`;
}

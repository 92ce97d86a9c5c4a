/** A requirement as a PEP 508 string, the way Poetry writes it in `[package.extras]` and messages. */

import { fileUrl } from '../ground/file-url.ts';
import type { Marker } from '../markers/marker.ts';
import {
  formatMarker,
  isAnyMarker,
  isEmptyMarker,
  namesExtra,
  nestedMarker,
  withoutExtras,
} from '../markers/marker.ts';
import { parseStringConstraint } from '../markers/string-constraint.ts';
import { parseConstraint } from '../versions/poetry-constraint.ts';
import { excludesSingleVersion, excludesSingleWildcard, formatRange } from '../versions/version-range.ts';
import type { Requirement } from './requirement.ts';

export interface RequirementFormat {
  /** Also say which extras the requirement belongs to. Default: true. */
  readonly extras?: boolean;
  /** Absolute folder that relative paths start from. Default: none, they stay relative. */
  readonly base?: string;
}

/** The requirement as one line: `name[extra] (>=1,<2) ; marker`. */
export function formatRequirement(requirement: Requirement, options: RequirementFormat = {}): string {
  const conditions: string[] = [];
  const marker = options.extras === false ? withoutExtras(requirement.marker) : requirement.marker;
  if (!isAnyMarker(marker) && !isEmptyMarker(marker)) conditions.push(formatMarker(marker));
  const membership = options.extras === false ? '' : extrasCondition(requirement, marker);
  if (membership !== '') conditions.push(membership);
  const [first] = conditions;
  const line = nameAndOrigin(requirement, options.base);
  if (first === undefined) return line;
  return `${line} ; ${conditions.length === 1 ? first : conditions.map((text) => `(${text})`).join(' and ')}`;
}

/** The extras that the requirement belongs to as a marker, where its own marker does not name them. */
function extrasCondition({ inExtras }: Requirement, marker: Marker): string {
  if (inExtras.length === 0 || namesExtra(marker)) return '';
  return nestedMarker('extra', parseStringConstraint(inExtras.join(' || ')));
}

function nameAndOrigin(requirement: Requirement, base: string | undefined): string {
  const { prettyName, extras, origin } = requirement;
  const name = extras.length === 0 ? prettyName : `${prettyName}[${extras.join(',')}]`;
  switch (origin.kind) {
    case 'index':
      return name + constraintText(requirement);
    case 'url':
      return `${name} @ ${origin.url}${subdirectoryText(origin.subdirectory)}`;
    case 'git': {
      const reference = origin.reference === undefined ? '' : `@${origin.reference.name}`;
      return `${name} @ git+${origin.url}${reference}${subdirectoryText(origin.subdirectory)}`;
    }
    case 'file':
      return `${name} @ ${originUrl(origin.path, base)}${subdirectoryText(origin.subdirectory)}`;
    case 'directory':
      return `${name} @ ${originUrl(origin.subdirectory ? `${origin.path}/${origin.subdirectory}` : origin.path, base)}`;
  }
}

function constraintText({ constraint, prettyConstraint }: Requirement): string {
  switch (constraint.kind) {
    case 'any':
      return '';
    case 'version':
      return ` (==${constraint.version.text})`;
    case 'union':
      if (excludesSingleVersion(constraint) || excludesSingleWildcard(constraint))
        return ` (${formatRange(constraint)})`;
      return ` (${prettyConstraint
        .split(',')
        .map((part) => formatRange(parseConstraint(part)))
        .join(',')})`;
    default:
      return ` (${formatRange(constraint).replaceAll(' ', '')})`;
  }
}

function subdirectoryText(subdirectory: string | undefined): string {
  return subdirectory ? `#subdirectory=${subdirectory}` : '';
}

/** The `file:` address of a path; a relative path without a base stays as it is. */
function originUrl(path: string, base: string | undefined): string {
  const isAbsolute = path.startsWith('/') || /^[A-Za-z]:[\\/]/.test(path);
  if (!isAbsolute && base === undefined) return path;
  return fileUrl(isAbsolute ? path : normalized(`${base}/${path}`));
}

function normalized(path: string): string {
  const segments: string[] = [];
  for (const segment of path.replaceAll('\\', '/').split('/')) {
    if (segment === '..') segments.pop();
    else if (segment !== '' && segment !== '.') segments.push(segment);
  }
  return (path.startsWith('/') ? '/' : '') + segments.join('/');
}

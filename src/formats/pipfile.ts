/**
 * `Pipfile` and `Pipfile.lock` (pipenv). https://github.com/pypa/pipfile
 */

import { ParseError } from '../ground/error.ts';
import { formatMarker } from '../markers/format.ts';
import { anyMarker, intersectMarkers, isAnyMarker, parseMarker } from '../markers/marker.ts';
import { asArray, asString, asStrings, asTable, readToml, type TomlTable } from '../toml/read.ts';
import type { ForeignProject, ForeignRequirement, ForeignSource, Leftover, Pin } from './foreign-project.ts';

const TABLES_OF_ITS_OWN = new Set(['source', 'requires', 'scripts', 'pipenv', 'pipfile']);
/** Markers that are written as keys of their own. */
const MARKER_KEYS = [
  'os_name',
  'sys_platform',
  'platform_machine',
  'platform_python_implementation',
  'platform_release',
  'platform_system',
  'platform_version',
  'python_version',
  'python_full_version',
  'implementation_name',
  'implementation_version',
];

/** What a `Pipfile` wants. Throws `ParseError` where it is no TOML. */
export function readPipfile(text: string): ForeignProject {
  const toml = readToml(text, 'Pipfile');
  const leftovers: Leftover[] = [];
  const prereleases = asTable(toml.pipenv)?.allow_prereleases === true;
  const sources = sourcesOf(toml, leftovers);
  const requirements: ForeignRequirement[] = [];
  for (const [category, value] of Object.entries(toml)) {
    const packages = asTable(value);
    if (packages === undefined || TABLES_OF_ITS_OWN.has(category)) continue;
    for (const [name, written] of Object.entries(packages)) {
      const place = `Pipfile, [${category}] ${name}`;
      const wish = wishOf(written, place, { prereleases, leftovers, sources });
      if (wish !== undefined) requirements.push({ name, wish, group: groupOf(category), place });
    }
  }
  const scripts = Object.keys(asTable(toml.scripts) ?? {});
  if (scripts.length > 0) {
    const text = `the scripts ${scripts.join(', ')} were left out: they can be tasks in [tool.tercet.tasks]`;
    leftovers.push({ place: 'Pipfile, [scripts]', text });
  }
  const requiresPython = pythonOf(asTable(toml.requires));
  return {
    metadata: requiresPython === undefined ? {} : { requiresPython },
    requirements,
    pins: [],
    sources,
    leftovers,
  };
}

/** The versions that a `Pipfile.lock` has settled on. Throws `ParseError` where it is no JSON. */
export function readPipfileLock(text: string): readonly Pin[] {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new ParseError(`Pipfile.lock is not valid JSON: ${error instanceof Error ? error.message : error}`, text);
  }
  const pins: Pin[] = [];
  for (const [category, packages] of Object.entries(asTable(json) ?? {})) {
    if (category === '_meta') continue;
    for (const [name, value] of Object.entries(asTable(packages) ?? {})) {
      const version = asString(asTable(value)?.version)?.replace(/^==/, '');
      if (version === undefined) continue;
      const hashes = asStrings(asTable(value)?.hashes);
      pins.push({ name, version, hashes, place: `Pipfile.lock, "${category}" ${name}` });
    }
  }
  return pins;
}

function groupOf(category: string): string {
  if (category === 'packages') return 'main';
  return category === 'dev-packages' ? 'dev' : category;
}

interface Surroundings {
  readonly prereleases: boolean;
  readonly leftovers: Leftover[];
  readonly sources: readonly ForeignSource[];
}

function wishOf(
  written: unknown,
  place: string,
  { prereleases, leftovers, sources }: Surroundings,
): Readonly<Record<string, unknown>> | undefined {
  const pre = prereleases ? { 'allow-prereleases': true } : {};
  if (typeof written === 'string') return { ...versionOf(written), ...pre };
  const table = asTable(written);
  if (table === undefined) {
    leftovers.push({ place, text: 'was left out: neither a version nor a table' });
    return undefined;
  }
  let marker: string | undefined;
  try {
    marker = markerOf(table);
  } catch (error) {
    if (!(error instanceof ParseError)) throw error;
    leftovers.push({ place, text: `its condition was left out: ${error.message}` });
  }
  const extras = asStrings(table.extras);
  const more = { ...(extras.length > 0 ? { extras } : {}), ...(marker === undefined ? {} : { markers: marker }) };
  const develop = table.editable === true ? { develop: true } : {};
  const within = asString(table.subdirectory) === undefined ? {} : { subdirectory: table.subdirectory };
  for (const vcs of ['hg', 'svn', 'bzr']) {
    if (table[vcs] !== undefined) {
      leftovers.push({ place, text: `was left out: only git repositories can be required, not ${vcs}` });
      return undefined;
    }
  }
  const git = asString(table.git);
  if (git !== undefined) {
    const ref = asString(table.ref);
    return {
      git: git.replace(/^git\+/, ''),
      ...(ref === undefined ? {} : { rev: ref }),
      ...within,
      ...develop,
      ...more,
    };
  }
  const file = asString(table.file);
  if (file !== undefined) return { [/^https?:/.test(file) ? 'url' : 'path']: file, ...within, ...more };
  const path = asString(table.path);
  if (path !== undefined) return path === '.' ? undefined : { path, ...within, ...develop, ...more };
  const index = asString(table.index);
  const source = sources.some((one) => one.name === index) && index !== sources[0]?.name ? { source: index } : {};
  return { ...versionOf(asString(table.version) ?? '*'), ...pre, ...source, ...more };
}

/** `~=2.25` and `*` as they are; a bare number is an exact version for pipenv as for Poetry. */
function versionOf(text: string): Readonly<Record<string, string>> {
  const plain = text.trim();
  return plain === '*' || plain === '' ? {} : { version: plain };
}

function markerOf(table: TomlTable): string | undefined {
  let marker = asString(table.markers) === undefined ? anyMarker : parseMarker(asString(table.markers) ?? '');
  for (const key of MARKER_KEYS) {
    const condition = asString(table[key]);
    if (condition !== undefined) marker = intersectMarkers(marker, parseMarker(`${key} ${condition}`));
  }
  return isAnyMarker(marker) ? undefined : formatMarker(marker);
}

/** The first source is where everything comes from; the others are for what names them. */
function sourcesOf(toml: TomlTable, leftovers: Leftover[]): ForeignSource[] {
  return asArray(toml.source).flatMap((entry, position): ForeignSource[] => {
    const table = asTable(entry) ?? {};
    const written = asString(table.url);
    const name = asString(table.name) ?? `source-${position + 1}`;
    if (written === undefined) return [];
    const url = written.replace(/^([a-z]+:\/\/)[^@/]*@/i, '$1');
    const place = `Pipfile, [[source]] ${name}`;
    if (url !== written) {
      const text = `the credentials are not written down: say \`tercet config http-basic.${name} USER PASSWORD\``;
      leftovers.push({ place, text });
    }
    if (table.verify_ssl === false && url.startsWith('https:')) {
      leftovers.push({ place, text: `verify_ssl: say \`tercet config certificates.${name}.cert false\`` });
    }
    return [{ name, url, priority: position === 0 ? 'primary' : 'explicit' }];
  });
}

function pythonOf(requires: TomlTable | undefined): string | undefined {
  const full = asString(requires?.python_full_version);
  const version = full ?? asString(requires?.python_version);
  return version === undefined || version === '*' ? undefined : `>=${version.replace(/^[>=~]+/, '')}`;
}

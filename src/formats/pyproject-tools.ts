/**
 * `pyproject.toml` of uv and of PDM: what stands in `[tool.uv]` and `[tool.pdm]` beside the standard tables, in Poetry's terms. `[project]` and
 * `[dependency-groups]` are the same in all three and stay as they are.
 * https://docs.astral.sh/uv/reference/settings/ https://pdm-project.org/latest/reference/pep621/
 */

import { ParseError } from '../ground/error.ts';
import { parseRequirement } from '../requirements/pep508.ts';
import { asArray, asString, asStrings, asTable, readToml, type TomlTable, tableAt } from '../toml/read.ts';
import type { ForeignProject, ForeignRequirement, ForeignSource, Leftover } from './foreign-project.ts';
import { readRequirementText } from './requirement-line.ts';

const FILE = 'pyproject.toml';

/** True where a text is a project of uv's or PDM's. */
export function hasForeignTool(text: string): boolean {
  const toml = readToml(text, FILE);
  return tableAt(toml, 'tool', 'uv') !== undefined || tableAt(toml, 'tool', 'pdm') !== undefined;
}

/** What `[tool.uv]` says. A source of a requirement becomes one more table for it in `[tool.poetry.dependencies]`. */
export function readUv(text: string): ForeignProject {
  const toml = readToml(text, FILE);
  const uv = tableAt(toml, 'tool', 'uv') ?? {};
  const leftovers: Leftover[] = [];
  const leave = (key: string, why: string): void => {
    leftovers.push({ place: `${FILE}, [tool.uv] ${key}`, text: why });
  };
  const sources = uvIndexes(uv, leave);
  const requirements = asStrings(uv['dev-dependencies']).flatMap((one) =>
    fromText(one, 'dev', '[tool.uv] dev-dependencies', leftovers),
  );
  requirements.push(...uvSources(toml, asTable(uv.sources) ?? {}, leftovers));
  for (const [key, why] of UV_LEFT) if (uv[key] !== undefined) leave(key, why);
  const packageMode = uv.package === undefined ? toml['build-system'] !== undefined : uv.package === true;
  return { metadata: {}, requirements, pins: [], sources, leftovers, packageMode };
}

const UV_LEFT: readonly (readonly [string, string])[] = [
  ['constraint-dependencies', 'was left out: Poetry has no constraints; write them into what requires the packages'],
  ['override-dependencies', 'was left out: Poetry has no overrides; the packages may need other versions without'],
  ['conflicts', 'was left out: Poetry solves all groups and extras together'],
  ['environments', 'was left out: the lock is for every environment'],
  ['workspace', 'was left out: each member is a project of its own, required by `path`'],
  ['prerelease', 'was left out: say `allow-prereleases = true` where a requirement needs it'],
];

/** PDM's own tables: groups for development, sources, `distribution`. */
export function readPdm(text: string): ForeignProject {
  const pdm = tableAt(readToml(text, FILE), 'tool', 'pdm') ?? {};
  const leftovers: Leftover[] = [];
  const requirements = Object.entries(asTable(pdm['dev-dependencies']) ?? {}).flatMap(([group, list]) =>
    asStrings(list).flatMap((one) => fromText(one, group, `[tool.pdm.dev-dependencies] ${group}`, leftovers)),
  );
  const sources = asArray(pdm.source).flatMap((entry) => pdmSource(asTable(entry) ?? {}, leftovers));
  for (const [key, why] of PDM_LEFT) {
    const [outer = '', inner] = key.split('.');
    const value = inner === undefined ? pdm[outer] : asTable(pdm[outer])?.[inner];
    if (value !== undefined) leftovers.push({ place: `${FILE}, [tool.pdm] ${key}`, text: why });
  }
  const packageMode = typeof pdm.distribution === 'boolean' ? { packageMode: pdm.distribution } : {};
  return { metadata: {}, requirements, pins: [], sources, leftovers, ...packageMode };
}

const PDM_LEFT: readonly (readonly [string, string])[] = [
  ['resolution.overrides', 'was left out: Poetry has no overrides; the packages may need other versions without'],
  ['resolution.excludes', 'was left out: Poetry cannot leave a required package out'],
  ['resolution.allow-prereleases', 'was left out: say `allow-prereleases = true` where a requirement needs it'],
  ['scripts', 'was left out: scripts can be tasks in [tool.tercet.tasks]'],
  ['version', "was left out: the build backend's own setting stays"],
  ['options', 'was left out: options for pdm alone'],
];

function fromText(text: string, group: string, where: string, leftovers: Leftover[]): ForeignRequirement[] {
  const place = `${FILE}, ${where}`;
  const editable = /^-e\s+/.test(text);
  // PDM's way to say "the project's folder".
  const plain = text.replace(/^-e\s+/, '').replace(/file:\/\/\/\$\{PROJECT_ROOT\}\/?/g, './');
  try {
    const { name, wish, self } = readRequirementText(plain, { editable });
    return self === undefined ? [{ name, wish, group, place }] : [];
  } catch (error) {
    if (!(error instanceof ParseError)) throw error;
    leftovers.push({ place, text: `\`${text}\` was left out: ${error.message}` });
    return [];
  }
}

/** An index before PyPI is one that is asked first: then PyPI comes second. */
function uvIndexes(uv: TomlTable, leave: (key: string, why: string) => void): ForeignSource[] {
  const sources: ForeignSource[] = asArray(uv.index).flatMap((entry, position): ForeignSource[] => {
    const table = asTable(entry) ?? {};
    const url = asString(table.url);
    if (url === undefined) return [];
    if (table.format === 'flat') leave('index', `\`${url}\` is a flat list of files: it is read as one page of links`);
    const priority = table.explicit === true ? 'explicit' : 'primary';
    return [{ name: asString(table.name) ?? `index-${position + 1}`, url, priority }];
  });
  const old = [asString(uv['index-url']), ...asStrings(uv['extra-index-url'])];
  for (const [position, url] of old.entries()) {
    if (url === undefined) continue;
    const priority = position === 0 ? 'primary' : 'supplemental';
    sources.push({ name: `index-${sources.length + 1}`, url, priority });
  }
  const entries = asArray(uv.index).map((one) => asTable(one) ?? {});
  const searched = sources.some((one) => one.priority === 'primary');
  const hasDefault = entries.some((one) => one.default === true) || old[0] !== undefined;
  return searched && !hasDefault ? [...sources, { name: 'PyPI', url: '', priority: 'supplemental' }] : sources;
}

function pdmSource(table: TomlTable, leftovers: Leftover[]): ForeignSource[] {
  const url = asString(table.url);
  const name = asString(table.name) ?? 'index';
  const place = `${FILE}, [[tool.pdm.source]] ${name}`;
  if (url === undefined) return [];
  if (table.type === 'find_links')
    leftovers.push({ place, text: 'is a list of files: it is read as one page of links' });
  if (table.verify_ssl === false) {
    leftovers.push({ place, text: `verify_ssl: say \`tercet config certificates.${name}.cert false\`` });
  }
  if (asArray(table.include_packages).length > 0) {
    leftovers.push({
      place,
      text: 'include_packages was left out: say `source = "…"` in the requirements that are meant',
    });
  }
  return [{ name, url: url.replace(/^([a-z]+:\/\/)[^@/]*@/i, '$1'), priority: 'primary' }];
}

/** Each source beside the requirements of that name, in whatever group they are. */
function uvSources(toml: TomlTable, sources: TomlTable, leftovers: Leftover[]): ForeignRequirement[] {
  return Object.entries(sources).flatMap(([name, value]) => {
    const place = `${FILE}, [tool.uv.sources] ${name}`;
    return asTables(value).flatMap((table): ForeignRequirement[] => {
      const wish = uvWish(table);
      if (wish === undefined) {
        leftovers.push({ place, text: 'was left out: a member of a workspace has to be required by `path`' });
        return [];
      }
      const groups = groupsOf(toml, name);
      return groups.map((group) => ({ name, wish, group, place, beside: true }));
    });
  });
}

function uvWish(table: TomlTable): Readonly<Record<string, unknown>> | undefined {
  const markers = asString(table.marker) === undefined ? {} : { markers: asString(table.marker) };
  const subdirectory = asString(table.subdirectory) === undefined ? {} : { subdirectory: asString(table.subdirectory) };
  const index = asString(table.index);
  if (index !== undefined) return { source: index, ...markers };
  const git = asString(table.git);
  if (git !== undefined) {
    const reference = ['branch', 'tag', 'rev'].filter((key) => asString(table[key]) !== undefined);
    return { git, ...Object.fromEntries(reference.map((key) => [key, table[key]])), ...subdirectory, ...markers };
  }
  const url = asString(table.url);
  if (url !== undefined) return { url, ...subdirectory, ...markers };
  const path = asString(table.path);
  if (path === undefined) return undefined;
  return { path, ...(table.editable === true ? { develop: true } : {}), ...subdirectory, ...markers };
}

/** The groups (and `main`) whose requirements name a project. */
function groupsOf(toml: TomlTable, name: string): string[] {
  const project = asTable(toml.project) ?? {};
  const optional = Object.values(asTable(project['optional-dependencies']) ?? {}).flatMap(asStrings);
  const main = [...asStrings(project.dependencies), ...optional];
  const groups: [string, readonly string[]][] = [['main', main]];
  for (const [group, list] of Object.entries(asTable(toml['dependency-groups']) ?? {})) {
    groups.push([group, asArray(list).filter((one) => typeof one === 'string')]);
  }
  const wanted = normalized(name);
  return groups.filter(([, list]) => list.some((one) => nameIn(one) === wanted)).map(([group]) => group);
}

function nameIn(text: string): string | undefined {
  try {
    return parseRequirement(text).name;
  } catch (error) {
    if (error instanceof ParseError) return undefined;
    throw error;
  }
}

function normalized(name: string): string {
  return name.replace(/[-_.]+/g, '-').toLowerCase();
}

function asTables(value: unknown): TomlTable[] {
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  return list.map(asTable).filter((one) => one !== undefined);
}

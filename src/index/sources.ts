/** The indexes a project may use: PyPI and the configured sources, with their addresses and their order. */

import type { Source } from '../manifest/manifest.ts';
import { isPypi, PYPI } from './pypi.ts';

/** One index. */
export interface IndexSource {
  readonly name: string;
  /** PyPI's rules, or those of any other simple API; `page` is one page of links for all projects. */
  readonly kind: 'pypi' | 'simple' | 'page';
  /** The simple API's root with a final `/`, or the page's address; with credentials where they were written into it. */
  readonly url: string;
  /** The address that a lock names: no final `/`, no credentials. Undefined for PyPI. */
  readonly lockedUrl: string | undefined;
  readonly priority: Source['priority'];
}

/** All sources by lower-case name, and those that are searched without being named, in order. */
export interface IndexSources {
  readonly byName: ReadonlyMap<string, IndexSource>;
  readonly searched: readonly IndexSource[];
}

/** PyPI is searched where no primary source is configured, or where it is listed. */
export function indexSources(sources: readonly Source[], pypiUrl: string): IndexSources {
  const pypi: IndexSource = { name: PYPI, kind: 'pypi', url: pypiUrl, lockedUrl: undefined, priority: 'primary' };
  const all = sources.map((source) => configured(source, pypi));
  const listed = all.some(({ kind }) => kind === 'pypi');
  if (!listed && !all.some(({ priority }) => priority === 'primary')) all.unshift(pypi);
  const searched = (['primary', 'supplemental'] as const).flatMap((priority) =>
    all.filter((source) => source.priority === priority),
  );
  const byName = new Map(all.map((source) => [source.name.toLowerCase(), source]));
  // A lock, or a requirement, may name PyPI though it is not searched.
  if (!byName.has('pypi')) byName.set('pypi', pypi);
  return { byName, searched };
}

function configured({ name, url, priority }: Source, pypi: IndexSource): IndexSource {
  if (url === undefined || isPypi(name)) return { ...pypi, priority };
  const trimmed = url.replace(/\/+$/, '');
  const page = /\.html?$/.test(trimmed);
  return {
    name,
    kind: page ? 'page' : 'simple',
    url: page ? trimmed : `${trimmed}/`,
    lockedUrl: withoutLogin(trimmed),
    priority,
  };
}

function withoutLogin(url: string): string {
  const parsed = URL.parse(url);
  if (parsed === null || (parsed.username === '' && parsed.password === '')) return url;
  parsed.username = '';
  parsed.password = '';
  return parsed.href.replace(/\/+$/, '');
}

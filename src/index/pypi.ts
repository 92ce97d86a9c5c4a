/** The Python Package Index, and what may stand in its place. */

/** The root of PyPI's simple API (PEP 503). The only address of an index in this program. */
export const PYPI_SIMPLE = 'https://pypi.org/simple/';

/** Where PyPI takes uploads. */
export const UPLOAD_URL = PYPI_SIMPLE.replace('://', '://upload.').replace('/simple/', '/legacy/');

/** PyPI's name as a source. */
export const PYPI = 'PyPI';

/** Whether a source's name means PyPI, in any case. */
export function isPypi(name: string): boolean {
  return name.toLowerCase() === 'pypi';
}

/** Whether an address is that of PyPI's simple API: also without a slash at its end, or the one of before 2018. */
export function isPypiAddress(url: string): boolean {
  const { host, pathname } = URL.parse(url.trim()) ?? { host: '', pathname: '' };
  const own = new URL(PYPI_SIMPLE).host;
  return (host === own || host === own.replace('.', '.python.')) && /^\/(?:pypi\/)?(?:simple\/?)?$/.test(pathname);
}

/**
 * Where PyPI's projects are read from: `TERCET_INDEX_URL`, else `POETRY_PYPI_MIRROR_URL`, else the configuration's `pypi-mirror.url`, else
 * PyPI itself. Locks never tell.
 */
export function defaultIndexUrl(
  env: Readonly<Record<string, string | undefined>>,
  lookup: (path: readonly string[]) => unknown = () => undefined,
): string {
  const candidates = [env.TERCET_INDEX_URL, env.POETRY_PYPI_MIRROR_URL, lookup(['pypi-mirror', 'url'])];
  const chosen = candidates.find((url): url is string => typeof url === 'string' && url !== '') ?? PYPI_SIMPLE;
  return chosen.endsWith('/') ? chosen : `${chosen}/`;
}

/**
 * The ABI tags of an interpreter, from facts that it tells about its build (PEP 425, 3149).
 */

import type { PythonVersion } from './tags.ts';

/** What a CPython's build says. */
export interface CPythonBuild {
  readonly version: PythonVersion;
  /** `Py_DEBUG`; on Windows, whether `_d.pyd` is an extension suffix. Default: false. */
  readonly debug?: boolean;
  /** `Py_GIL_DISABLED`, from 3.13 on. Default: false. */
  readonly freeThreaded?: boolean;
  /** `WITH_PYMALLOC`, before 3.8. Default: true. */
  readonly pymalloc?: boolean;
  /** Whether `sys.maxunicode` is 0x10FFFF, before 3.3. Default: true. */
  readonly wideUnicode?: boolean;
}

/** The ABIs that a CPython loads, its own first: `['cp312']`, `['cp27mu']`, `['cp313td', 'cp313t']`. */
export function cpythonAbis(build: CPythonBuild): string[] {
  const [major, minor] = build.version;
  const python = `cp${major}${minor}`;
  const from = (version: number) => major > 3 || (major === 3 && minor >= version);
  const threads = from(13) && build.freeThreaded ? 't' : '';
  const debug = build.debug ? 'd' : '';
  if (from(8)) return debug ? [`${python}${threads}d`, `${python}${threads}`] : [`${python}${threads}`];
  const pymalloc = (build.pymalloc ?? true) ? 'm' : '';
  const unicode = !from(3) && (build.wideUnicode ?? true) ? 'u' : '';
  return [`${python}${debug}${pymalloc}${unicode}`];
}

/**
 * The ABIs of another interpreter, by its `EXT_SUFFIX` or, where that is missing (Python 2), its `SOABI`:
 * `.pypy310-pp73-x86_64-linux-gnu.so` gives `pypy310_pp73`, `pypy-73` gives `pypy_73`. Empty where neither tells.
 */
export function genericAbis(extensionSuffix: string | undefined, soabi?: string): string[] {
  const name = extensionSuffix?.startsWith('.') ? extensionSuffix.split('.')[1] : undefined;
  if (extensionSuffix === undefined || name === undefined || extensionSuffix.split('.').length < 3) {
    return soabi ? [normalized(soabi)] : [];
  }
  const words = name.split('-');
  if (name.startsWith('cpython')) return words[1] ? [`cp${words[1]}`] : [];
  if (name.startsWith('cp')) return words.slice(0, 1).map(normalized);
  if (name.startsWith('pypy')) return [normalized(words.slice(0, 2).join('-'))];
  if (name.startsWith('graalpy')) return [normalized(words.slice(0, 3).join('-'))];
  return name === '' ? [] : [normalized(name)];
}

function normalized(text: string): string {
  return text.replace(/[.\- ]/g, '_');
}

/**
 * Virtual environments of CPython 2.7, which knows no `pyvenv.cfg`. It takes its prefix from where its executable really
 * is and finds `lib/python2.7/os.py` there; so the executable is copied, that file and `lib-dynload` are linked, and a
 * `site.py` of our own turns the paths of the standard library back to the base installation.
 */

import { copyFileSync, existsSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { namesIn } from '../files/names-in.ts';
import { removeTree } from '../files/remove.ts';
import type { InterpreterFacts } from '../python/facts.ts';

/** Lays the standard library's landmarks out in `path`. */
export function layOutPython2(path: string, base: InterpreterFacts, systemSitePackages: boolean): void {
  const library = join(path, 'lib/python2.7');
  mkdirSync(library, { recursive: true });
  for (const name of ['os.py', 'lib-dynload']) link(join(base.paths.stdlib, name), join(library, name));
  writeFileSync(join(library, 'site.py'), SITE);
  writeFileSync(join(library, 'orig-prefix.txt'), base.basePrefix);
  const marker = join(library, 'no-global-site-packages.txt');
  if (systemSitePackages) rmSync(marker, { force: true });
  else writeFileSync(marker, '');
  const headers = base.paths.include;
  mkdirSync(join(path, 'include'), { recursive: true });
  if (existsSync(headers)) link(headers, join(path, 'include', basename(headers)));
  linkBuildFiles(path, base);
}

/** Copies the executable, and beside it the library that it may look for relative to itself. */
export function copyPython2(base: InterpreterFacts, target: string): void {
  rmSync(target, { force: true });
  copyFileSync(base.baseExecutable, target);
}

/** `lib/python2.7/config`, where extension builds read the Makefile from, and libpython. */
function linkBuildFiles(path: string, base: InterpreterFacts): void {
  const config = join(base.paths.stdlib, 'config');
  if (existsSync(config)) link(config, join(path, 'lib/python2.7/config'));
  const library = dirname(base.paths.stdlib);
  if (relative(base.basePrefix, library) !== 'lib') return;
  for (const name of namesIn(library))
    if (name.startsWith('libpython2.7')) link(join(library, name), join(path, 'lib', name));
}

function link(from: string, to: string): void {
  removeTree(to);
  symlinkSync(from, to);
}

const SITE = `\
"""The site module of a virtual environment of Python 2.7.

The interpreter takes this environment for its installation. The paths of the standard library are turned back to
the real one, and then the real site module runs in this one's place, with this environment as prefix for packages.
"""
import sys


def _turn_back(here):
    with open(here + "/orig-prefix.txt") as f:
        base = f.read().strip()
    library = base + "/lib/python2.7"
    moved = []
    for entry in sys.path:
        if entry == here or entry.startswith(here + "/"):
            entry = library + entry[len(here):]
        elif entry == sys.prefix + "/lib/python27.zip":
            entry = base + "/lib/python27.zip"
        moved.append(entry)
    sys.path[:] = moved
    sys.real_prefix = sys.base_prefix = sys.base_exec_prefix = base
    return base, library


def _sees_base(here):
    try:
        open(here + "/no-global-site-packages.txt").close()
    except IOError:
        return True
    return False


_here = __file__.replace("\\\\", "/").rpartition("/")[0]
_base, _library = _turn_back(_here)
_shared = _sees_base(_here)
__file__ = _library + "/site.py"
with open(__file__) as _f:
    _before, _call, _after = _f.read().rpartition("\\nmain()\\n")
exec(compile(_before + "\\n", __file__, "exec", 0, True), globals())
if _shared:
    PREFIXES = PREFIXES + [_base]
else:
    ENABLE_USER_SITE = False
if _call:
    main()
exec(compile("\\n" * _before.count("\\n") + _after, __file__, "exec", 0, True), globals())
`;

import { describe, expect, test } from 'bun:test';
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { type TestEnvironment, testEnvironment } from '../../tests/support/install-target.ts';
import { buildWheel, type WheelDraft } from '../../tests/support/wheel-builder.ts';
import type { InstalledDistribution } from '../environments/installed.ts';
import { createLinker, type LinkMode } from '../files/link.ts';
import { projectName } from '../names/name.ts';
import { uninstallDistribution } from './apply.ts';
import { type InstallWheelOptions, installWheel } from './install-wheel.ts';
import { parseRecord } from './record.ts';
import { healEnvironment, isHealthy, JOURNAL } from './step.ts';
import { isIntact, type StoredWheel } from './stored-wheel.ts';
import { removalOf } from './uninstall.ts';

const LIBRARY = 'lib/python3.11/site-packages';
const EMPTY = { 'bin/': '', 'include/': '' };

const full: WheelDraft = {
  name: 'Full.Pkg',
  version: '1.0',
  files: {
    'full/__init__.py': '',
    'full/deep/er/module.py': 'x = 1\n',
    'full/run.sh': { contents: '#!/bin/sh\n', mode: 0o100755 },
    'single.py': 'y = 2\n',
    'full_pkg-1.0.data/scripts/tool': '#!pythonw -E\nprint(1)\n',
    'full_pkg-1.0.data/scripts/shell': '#!/bin/sh\necho\n',
    'full_pkg-1.0.data/data/share/man/full.1': 'man',
    'full_pkg-1.0.data/headers/full.h': 'int x;',
    'full_pkg-1.0.data/purelib/extra.py': 'z = 3\n',
  },
  entryPoints: '[console_scripts]\nfull = full.deep:main.run\n[gui_scripts]\nfullw = full:gui\n',
};

function install(
  environment: TestEnvironment,
  wheel: StoredWheel,
  options: Partial<InstallWheelOptions> = {},
): readonly string[] {
  return installWheel(wheel, environment.target, { link: createLinker(), installer: 'Poetry 2.5.1', ...options })
    .overwritten;
}

function installed(environment: TestEnvironment, folder: string): InstalledDistribution {
  const path = join(environment.target.purelib, folder);
  const [name = '', version = ''] = folder.split('-');
  return {
    name: projectName(name),
    prettyName: name,
    version: version.replace('.dist', ''),
    path,
    editable: false,
    inherited: false,
  };
}

describe('an installed wheel', () => {
  test('has every file in its place, and RECORD lists them all', async () => {
    using environment = testEnvironment();
    expect(install(environment, await environment.stored(buildWheel(full)))).toEqual([]);
    const tree = environment.tree();
    const info = `${LIBRARY}/full_pkg-1.0.dist-info`;
    expect(Object.keys(tree).sort()).toEqual(
      [
        'bin/full*',
        'bin/fullw*',
        'bin/shell*',
        'bin/tool*',
        'include/site/python3.11/full_pkg/full.h',
        `${LIBRARY}/extra.py`,
        `${LIBRARY}/full/__init__.py`,
        `${LIBRARY}/full/deep/er/module.py`,
        `${LIBRARY}/full/run.sh*`,
        `${info}/INSTALLER`,
        `${info}/METADATA`,
        `${info}/RECORD`,
        `${info}/WHEEL`,
        `${info}/entry_points.txt`,
        `${LIBRARY}/single.py`,
        'share/man/full.1',
      ].sort(),
    );
    expect(tree[`${info}/INSTALLER`]).toBe('Poetry 2.5.1');
    expect(tree['bin/tool*']).toBe(`#!${environment.target.python}\nprint(1)\n`);
    expect(tree['bin/full*']).toBe(`#!${environment.target.python}
# -*- coding: utf-8 -*-
import re
import sys
from full.deep import main
if __name__ == "__main__":
    sys.argv[0] = re.sub(r"(-script\\.pyw|\\.exe)?$", "", sys.argv[0])
    sys.exit(main.run())
`);
    const rows = parseRecord(tree[`${info}/RECORD`] ?? '');
    const listed = rows.map(({ path }) => join(LIBRARY, path)).sort();
    expect(listed).toEqual(
      Object.keys(tree)
        .map((path) => path.replace(/\*$/, ''))
        .sort(),
    );
    for (const { path, hash, size } of rows) {
      if (path.endsWith('/RECORD')) continue;
      const contents = readFileSync(join(environment.target.purelib, path));
      expect(size).toBe(contents.length);
      expect(hash).toBe(`sha256=${new Bun.CryptoHasher('sha256').update(contents).digest('base64url')}`);
    }
    expect(isHealthy(environment.target.purelib)).toBe(true);
  });

  test('starts through a shell where the path is not fit for a first line', async () => {
    using environment = testEnvironment('my env');
    install(environment, await environment.stored(buildWheel(full)));
    const { python } = environment.target;
    expect(environment.tree()['bin/full*']).toStartWith(`#!/bin/sh\n'''exec' '${python}' "$0" "$@"\n' '''\n# -*-`);
    expect(environment.tree()['bin/tool*']).toBe(`#!/bin/sh\n'''exec' '${python}' "$0" "$@"\n' '''\nprint(1)\n`);
  });

  test('says where it came from when that is no index', async () => {
    using environment = testEnvironment();
    install(environment, await environment.stored(buildWheel({ name: 'a' })), { directUrl: '{"url": "file:///x"}' });
    const tree = environment.tree();
    expect(tree[`${LIBRARY}/a-1.0.dist-info/direct_url.json`]).toBe('{"url": "file:///x"}');
    expect(tree[`${LIBRARY}/a-1.0.dist-info/RECORD`]).toEndWith('\na-1.0.dist-info/direct_url.json,,\n');
  });

  test.each<LinkMode>(['clone', 'hardlink', 'copy', 'symlink'])('looks the same by %s', async (mode) => {
    using environment = testEnvironment();
    const wheel = await environment.stored(buildWheel(full));
    install(environment, wheel, { link: createLinker(mode) });
    const path = join(environment.target.purelib, 'full/deep/er/module.py');
    expect(readFileSync(path, 'utf8')).toBe('x = 1\n');
    expect(statSync(path).mtimeMs).toBeCloseTo(statSync(join(wheel.tree, 'full/deep/er/module.py')).mtimeMs, -1);
    expect(statSync(join(environment.target.purelib, 'full/run.sh')).mode & 0o111).not.toBe(0);
  });

  describe('by symbolic links', () => {
    const link = createLinker('symlink');
    const isLink = (environment: TestEnvironment, path: string): boolean =>
      lstatSync(join(environment.target.purelib, path)).isSymbolicLink();

    test('is a link for each package, hard links for the rest', async () => {
      using environment = testEnvironment();
      const before = environment.tree();
      install(environment, await environment.stored(buildWheel(full)), { link });
      expect(isLink(environment, 'full')).toBe(true);
      const stored = join(environment.store.folder, buildWheel(full).sha256, 'tree/single.py');
      const single = join(environment.target.purelib, 'single.py');
      expect([isLink(environment, 'single.py'), statSync(single).ino]).toEqual([false, statSync(stored).ino]);
      const record = readFileSync(join(environment.target.purelib, 'full_pkg-1.0.dist-info/RECORD'), 'utf8');
      expect(record).toContain('\nfull,,\n');
      expect(record).toContain('\nfull/deep/er/module.py,');
      uninstallDistribution(installed(environment, 'full_pkg-1.0.dist-info'), environment.target);
      expect(environment.tree()).toEqual(before);
      expect(existsSync(join(environment.store.folder, buildWheel(full).sha256, 'tree/full/deep/er/module.py'))).toBe(
        true,
      );
    });

    test('links the licences by their folder, which an uninstallation leaves to the store', async () => {
      using environment = testEnvironment();
      const before = environment.tree();
      const licence = 'a-1.0.dist-info/licenses/LICENSE';
      const wheel = await environment.stored(buildWheel({ name: 'a', files: { 'a.py': '', [licence]: 'free' } }));
      install(environment, wheel, { link });
      expect(isLink(environment, 'a-1.0.dist-info')).toBe(false);
      expect(isLink(environment, 'a-1.0.dist-info/licenses')).toBe(true);
      expect(readFileSync(join(environment.target.purelib, licence), 'utf8')).toBe('free');
      const record = readFileSync(join(environment.target.purelib, 'a-1.0.dist-info/RECORD'), 'utf8');
      expect(record).toContain('\na-1.0.dist-info/licenses,,\na-1.0.dist-info/licenses/LICENSE,sha256=');
      uninstallDistribution(installed(environment, 'a-1.0.dist-info'), environment.target);
      expect(environment.tree()).toEqual(before);
      expect(isIntact(wheel)).toBe(true);
    });

    test('takes a link that another environment has, but none to where the store was before', async () => {
      using environment = testEnvironment();
      using second = testEnvironment();
      using third = testEnvironment();
      const wheel = await environment.stored(buildWheel(full));
      const linkIn = ({ target }: TestEnvironment) => join(target.purelib, 'full');
      for (const one of [environment, second]) install(one, wheel, { link });
      if (process.platform === 'linux') {
        expect(lstatSync(linkIn(second)).ino).toBe(lstatSync(linkIn(environment)).ino);
      }
      const moved = join(environment.folder, 'moved');
      renameSync(environment.store.folder, moved);
      const tree = join(moved, wheel.sha256, 'tree');
      install(third, { ...wheel, tree }, { link });
      expect(readlinkSync(linkIn(third))).toBe(join(tree, 'full'));
    });

    test('opens a folder that a second wheel has files for', async () => {
      using environment = testEnvironment();
      install(
        environment,
        await environment.stored(
          buildWheel({ name: 'a', files: { 'shared/__init__.py': '', 'shared/sub/a.py': 'a' } }),
        ),
        { link },
      );
      expect(isLink(environment, 'shared')).toBe(true);
      install(
        environment,
        await environment.stored(
          buildWheel({ name: 'b', files: { 'shared/__init__.py': '', 'shared/sub/b.py': 'b' } }),
        ),
        { link },
      );
      expect(isLink(environment, 'shared')).toBe(false);
      expect(isLink(environment, 'shared/sub')).toBe(false);
      uninstallDistribution(installed(environment, 'a-1.0.dist-info'), environment.target);
      expect(readFileSync(join(environment.target.purelib, 'shared/sub/b.py'), 'utf8')).toBe('b');
      expect(existsSync(join(environment.target.purelib, 'shared/sub/a.py'))).toBe(false);
    });

    test('opens it for a copied wheel too, and an update replaces its own link', async () => {
      using environment = testEnvironment();
      install(
        environment,
        await environment.stored(buildWheel({ name: 'a', files: { 'a/__init__.py': '1', 'a/gone.py': '' } })),
        { link },
      );
      const replaces = removalOf(join(environment.target.purelib, 'a-1.0.dist-info'), environment.target);
      install(
        environment,
        await environment.stored(buildWheel({ name: 'a', version: '2.0', files: { 'a/__init__.py': '2' } })),
        { link, replaces },
      );
      expect(isLink(environment, 'a')).toBe(true);
      expect(readdirSync(join(environment.target.purelib, 'a'))).toEqual(['__init__.py']);
      install(environment, await environment.stored(buildWheel({ name: 'b', files: { 'a/b.py': 'b' } })), {
        link: createLinker('copy'),
      });
      expect(readdirSync(join(environment.target.purelib, 'a')).sort()).toEqual(['__init__.py', 'b.py']);
    });

    test('links what is in a namespace, which wheels share', async () => {
      using environment = testEnvironment();
      const before = environment.tree();
      const drafts: readonly WheelDraft[] = [
        { name: 'a', files: { 'ns/cloud/a/__init__.py': 'a', 'ns/cloud/a/deep/a.py': '' } },
        { name: 'b', files: { 'ns/cloud/b/data.txt': 'b', 'ns/b.py': 'b' } },
      ];
      for (const draft of drafts) install(environment, await environment.stored(buildWheel(draft)), { link });
      const links = ['ns', 'ns/cloud', 'ns/cloud/a', 'ns/cloud/b'].filter((folder) => isLink(environment, folder));
      expect(links).toEqual(['ns/cloud/a']);
      expect(readFileSync(join(environment.target.purelib, 'ns/cloud/b/data.txt'), 'utf8')).toBe('b');
      for (const name of ['a', 'b']) {
        uninstallDistribution(installed(environment, `${name}-1.0.dist-info`), environment.target);
      }
      expect(environment.tree()).toEqual(before);
    });

    test('opens a folder in a namespace that a second wheel has files for, and nothing is lost of either', async () => {
      using environment = testEnvironment();
      const before = environment.tree();
      const first = await environment.stored(
        buildWheel({ name: 'a', files: { 'ns/shared/a.py': 'a', 'ns/shared/sub/a.py': 'a', 'ns/own/a.py': 'a' } }),
      );
      const second = await environment.stored(
        buildWheel({ name: 'b', files: { 'ns/shared/sub/b.py': 'b', 'ns/shared/sub/deep/b.py': 'b' } }),
      );
      install(environment, first, { link });
      install(environment, second, { link });
      const folders = ['ns', 'ns/shared', 'ns/shared/sub', 'ns/shared/sub/deep', 'ns/own'];
      expect(folders.filter((folder) => isLink(environment, folder))).toEqual(['ns/own']);
      const record = readFileSync(join(environment.target.purelib, 'a-1.0.dist-info/RECORD'), 'utf8');
      expect(record).not.toContain('\nns/shared,,\n');
      expect(record).toContain('\nns/own,,\n');
      for (const name of ['a', 'b']) {
        const folder = join(environment.target.purelib, 'ns/shared/sub');
        expect(readFileSync(join(folder, `${name}.py`), 'utf8')).toBe(name);
        uninstallDistribution(installed(environment, `${name}-1.0.dist-info`), environment.target);
      }
      expect(environment.tree()).toEqual(before);
      expect([isIntact(first), isIntact(second)]).toEqual([true, true]);
    });

    test('a module that is a link by itself is no folder to open', async () => {
      using environment = testEnvironment();
      const elsewhere = join(environment.folder, 'elsewhere.py');
      writeFileSync(elsewhere, 'theirs');
      symlinkSync(elsewhere, join(environment.target.purelib, 'single.py'));
      const wheel = await environment.stored(buildWheel({ name: 'single', files: { 'single.py': 'ours' } }));
      install(environment, wheel, { link });
      expect(readFileSync(join(environment.target.purelib, 'single.py'), 'utf8')).toBe('ours');
      expect(readFileSync(elsewhere, 'utf8')).toBe('theirs');
    });

    test('a wheel whose libraries reach outside gets folders of its own', async () => {
      using environment = testEnvironment();
      const files = { 'a/__init__.py': '', 'a/_x.so': '\0$ORIGIN/../../nvidia/lib\0' };
      install(environment, await environment.stored(buildWheel({ name: 'a', files })), { link });
      for (const folder of readdirSync(environment.target.purelib)) expect(isLink(environment, folder)).toBe(false);
    });
  });

  test('with extension modules goes to platlib', async () => {
    using environment = testEnvironment();
    const platlib = join(environment.target.prefix, 'lib64/python3.11/site-packages');
    const target = { ...environment.target, platlib };
    const wheel = await environment.stored(
      buildWheel({ name: 'native', purelib: false, tag: 'cp311-cp311-linux_x86_64' }),
    );
    installWheel(wheel, target, { link: createLinker(), installer: 'x' });
    expect(existsSync(join(platlib, 'native.py'))).toBe(true);
    expect(existsSync(join(platlib, 'native-1.0.dist-info/RECORD'))).toBe(true);
  });
});

describe('install, then uninstall', () => {
  test('leaves the environment as it was', async () => {
    using environment = testEnvironment();
    writeFileSync(join(environment.target.purelib, 'other.py'), 'other');
    const before = environment.tree();
    install(environment, await environment.stored(buildWheel(full)));
    const cache = join(environment.target.purelib, 'full/__pycache__');
    mkdirSync(cache);
    writeFileSync(join(cache, '__init__.cpython-311.pyc'), 'bytecode');
    uninstallDistribution(installed(environment, 'full_pkg-1.0.dist-info'), environment.target);
    expect(environment.tree()).toEqual(before);
  });

  test('leaves files that the user put into its folders', async () => {
    using environment = testEnvironment();
    install(environment, await environment.stored(buildWheel(full)));
    writeFileSync(join(environment.target.purelib, 'full/mine.txt'), 'mine');
    uninstallDistribution(installed(environment, 'full_pkg-1.0.dist-info'), environment.target);
    expect(environment.tree()).toEqual({ ...EMPTY, [`${LIBRARY}/full/mine.txt`]: 'mine' });
  });

  test('never removes what is outside of the environment', async () => {
    using environment = testEnvironment();
    const outside = join(environment.folder, 'outside.txt');
    const folder = join(environment.folder, 'elsewhere');
    mkdirSync(folder);
    writeFileSync(outside, 'keep');
    writeFileSync(join(folder, 'x.py'), 'keep');
    install(environment, await environment.stored(buildWheel({ name: 'evil' })));
    symlinkSync(folder, join(environment.target.purelib, 'linked'));
    const record = join(environment.target.purelib, 'evil-1.0.dist-info/RECORD');
    writeFileSync(
      record,
      `../../../../outside.txt,,\n${outside},,\nlinked/x.py,,\n/etc/hostname,,\n${readFileSync(record, 'utf8')}`,
    );
    const removal = uninstallDistribution(installed(environment, 'evil-1.0.dist-info'), environment.target);
    expect(removal.refused).toContain(outside);
    expect(readFileSync(outside, 'utf8')).toBe('keep');
    expect(readFileSync(join(folder, 'x.py'), 'utf8')).toBe('keep');
    expect(existsSync(join(environment.target.purelib, 'evil.py'))).toBe(false);
  });

  test('of an egg-info folder goes by its own list', () => {
    using environment = testEnvironment();
    const library = environment.target.purelib;
    mkdirSync(join(library, 'old-1.0-py3.11.egg-info'));
    mkdirSync(join(library, 'old'));
    writeFileSync(join(library, 'old/__init__.py'), '');
    writeFileSync(join(library, 'old-1.0-py3.11.egg-info/installed-files.txt'), '../old/__init__.py\nPKG-INFO\n');
    uninstallDistribution(installed(environment, 'old-1.0-py3.11.egg-info'), environment.target);
    expect(environment.tree()).toEqual({ ...EMPTY, [`${LIBRARY}/`]: '' });
  });

  test('of an egg-info folder without a list goes by its top level', () => {
    using environment = testEnvironment();
    const library = environment.target.purelib;
    mkdirSync(join(library, 'old.egg-info'));
    writeFileSync(join(library, 'old.py'), '');
    writeFileSync(join(library, 'old.egg-info/top_level.txt'), 'old\n../evil\n');
    uninstallDistribution(installed(environment, 'old.egg-info'), environment.target);
    expect(environment.tree()).toEqual({ ...EMPTY, [`${LIBRARY}/`]: '' });
  });

  test('of an egg-link takes its line out of easy-install.pth', () => {
    using environment = testEnvironment();
    const library = environment.target.purelib;
    writeFileSync(join(library, 'dev.egg-link'), '/src/dev\n.\n');
    writeFileSync(join(library, 'easy-install.pth'), '/src/dev\n/src/other\n');
    uninstallDistribution(installed(environment, 'dev.egg-link'), environment.target);
    expect(environment.tree()).toEqual({ ...EMPTY, [`${LIBRARY}/easy-install.pth`]: '/src/other\n' });
  });

  test('is refused where nothing says what belongs to it', () => {
    using environment = testEnvironment();
    mkdirSync(join(environment.target.purelib, 'lost-1.0.dist-info'));
    expect(() => uninstallDistribution(installed(environment, 'lost-1.0.dist-info'), environment.target)).toThrow(
      'it has no RECORD',
    );
  });
});

describe('an update', () => {
  const one: WheelDraft = {
    name: 'up',
    version: '1.0',
    files: { 'up/__init__.py': '1', 'up/old.py': 'old', 'gone/x.py': 'x' },
  };
  const two: WheelDraft = { name: 'up', version: '2.0', files: { 'up/__init__.py': '2', 'up/new.py': 'new' } };

  test('replaces all files of the old version', async () => {
    using environment = testEnvironment();
    using fresh = testEnvironment();
    install(environment, await environment.stored(buildWheel(one)));
    const replaces = removalOf(join(environment.target.purelib, 'up-1.0.dist-info'), environment.target);
    expect(install(environment, await environment.stored(buildWheel(two)), { replaces })).toEqual([]);
    install(fresh, await fresh.stored(buildWheel(two)));
    expect(environment.tree()).toEqual(fresh.tree());
  });

  test('that fails puts the old version back', async () => {
    using environment = testEnvironment();
    install(environment, await environment.stored(buildWheel(one)));
    const before = environment.tree();
    const wheel = await environment.stored(buildWheel(two));
    const replaces = removalOf(join(environment.target.purelib, 'up-1.0.dist-info'), environment.target);
    for (let failing = 0; failing < 4; failing++) {
      const honest = createLinker();
      let count = 0;
      const link = Object.assign(
        (source: string, target: string) => {
          if (count++ === failing) throw new Error('disk full');
          honest(source, target);
        },
        { mode: 'copy' as const, byFolder: false },
      );
      expect(() => install(environment, wheel, { replaces, link })).toThrow('disk full');
      expect(environment.tree()).toEqual(before);
    }
  });

  test('over files of another package says so, unless they are the same', async () => {
    using environment = testEnvironment();
    install(
      environment,
      await environment.stored(buildWheel({ name: 'a', files: { 'shared/__init__.py': '', 'shared/x.py': 'a' } })),
    );
    const wheel = await environment.stored(
      buildWheel({ name: 'b', files: { 'shared/__init__.py': '', 'shared/x.py': 'b' } }),
    );
    expect(install(environment, wheel)).toEqual([join(environment.target.purelib, 'shared/x.py')]);
    expect(environment.tree()[`${LIBRARY}/shared/x.py`]).toBe('b');
  });

  test('over a dist-info folder without RECORD replaces that', async () => {
    using environment = testEnvironment();
    mkdirSync(join(environment.target.purelib, 'a-1.0.dist-info'));
    writeFileSync(join(environment.target.purelib, 'a-1.0.dist-info/junk'), '');
    install(environment, await environment.stored(buildWheel({ name: 'a' })));
    expect(environment.tree()[`${LIBRARY}/a-1.0.dist-info/junk`]).toBeUndefined();
  });
});

describe('kill -9', () => {
  const old: WheelDraft = { name: 'up', version: '1.0', files: { 'up/__init__.py': '1', 'up/old.py': 'old' } };
  const draft: WheelDraft = {
    name: 'up',
    version: '2.0',
    files: { 'up/__init__.py': '2', 'up/a/new.py': 'new', 'up/b.py': 'b' },
  };
  const points = [0, 1, 2, 3, 4];

  test('at any point leaves what the next run undoes or finishes', async () => {
    using environment = testEnvironment();
    using finished = testEnvironment();
    install(environment, await environment.stored(buildWheel(old)));
    const before = environment.tree();
    const wheel = await environment.stored(buildWheel(draft));
    install(finished, await finished.stored(buildWheel(draft)));
    const after = finished.tree();
    for (const point of points) {
      const child = Bun.spawnSync([process.execPath, '-e', killedInstall(environment, wheel, point)], {
        cwd: import.meta.dir,
      });
      expect([child.signalCode, child.stderr.toString()]).toEqual(['SIGKILL', '']);
      expect(existsSync(join(environment.target.purelib, JOURNAL))).toBe(true);
      expect(healEnvironment(environment.target.purelib)).toEqual(['up (2.0)']);
      expect(environment.tree()).toEqual(before);
    }
    const replaces = removalOf(join(environment.target.purelib, 'up-1.0.dist-info'), environment.target);
    install(environment, wheel, { replaces });
    expect(environment.tree()).toEqual(after);
  });

  test('after the last rename leaves only tidying', async () => {
    using environment = testEnvironment();
    install(environment, await environment.stored(buildWheel(draft)));
    const before = environment.tree();
    const step = join(environment.target.purelib, JOURNAL, '1-x');
    mkdirSync(`${step}.2.old`, { recursive: true });
    writeFileSync(
      `${step}.json`,
      JSON.stringify({
        number: 2,
        label: 'up (2.0)',
        removes: [],
        folders: [],
        creates: [join(environment.target.purelib, 'up/b.py')],
        distInfo: join(environment.target.purelib, 'up-2.0.dist-info'),
      }),
    );
    expect(healEnvironment(environment.target.purelib)).toEqual([]);
    expect(environment.tree()).toEqual(before);
  });

  test('before all is moved leaves what has not been moved', async () => {
    using environment = testEnvironment();
    install(environment, await environment.stored(buildWheel(draft)));
    const before = environment.tree();
    const step = join(environment.target.purelib, JOURNAL, '1-x');
    const paths = readdirSync(join(environment.target.purelib, 'up')).map((name) =>
      join(environment.target.purelib, 'up', name),
    );
    expect(paths.length).toBeGreaterThan(1);
    mkdirSync(`${step}.1.moving`, { recursive: true });
    mkdirSync(`${step}.1.old`);
    renameSync(paths[0] ?? '', `${step}.1.old/0`);
    const plan = { number: 1, label: 'up (2.0)', removes: paths, folders: [], creates: paths };
    writeFileSync(`${step}.json`, JSON.stringify(plan));
    expect(healEnvironment(environment.target.purelib)).toEqual(['up (2.0)']);
    expect(environment.tree()).toEqual(before);
  });

  test('with the plan of a finished step in the file leaves that step alone', async () => {
    using environment = testEnvironment();
    install(environment, await environment.stored(buildWheel(draft)));
    const before = environment.tree();
    const step = join(environment.target.purelib, JOURNAL, '1-x');
    mkdirSync(`${step}.2.dist-info`, { recursive: true });
    const creates = [join(environment.target.purelib, 'up/b.py')];
    writeFileSync(`${step}.json`, JSON.stringify({ number: 1, label: 'up (2.0)', removes: [], folders: [], creates }));
    expect(healEnvironment(environment.target.purelib)).toEqual([]);
    expect(environment.tree()).toEqual(before);
  });

  test('before the plan is written leaves nothing to undo', () => {
    using environment = testEnvironment();
    const before = environment.tree();
    mkdirSync(join(environment.target.purelib, JOURNAL, '1-x.1.dist-info'), { recursive: true });
    writeFileSync(join(environment.target.purelib, JOURNAL, '1-x.json'), '{"lab');
    expect(healEnvironment(environment.target.purelib)).toEqual([]);
    expect(environment.tree()).toEqual(before);
  });
});

/** A program that installs the wheel over `up 1.0` and kills itself at its link number `point`. */
function killedInstall(environment: TestEnvironment, wheel: StoredWheel, point: number): string {
  return `
    import { createLinker } from '../files/link.ts';
    import { installWheel } from './install-wheel.ts';
    import { removalOf } from './uninstall.ts';
    const target = ${JSON.stringify(environment.target)};
    const honest = createLinker();
    let count = 0;
    const link = (source, place) => {
      if (count++ === ${point}) process.kill(process.pid, 'SIGKILL');
      honest(source, place);
    };
    const replaces = removalOf(target.purelib + '/up-1.0.dist-info', target);
    installWheel(${JSON.stringify(wheel)}, target, { link, installer: 'x', replaces });
  `;
}

test('the store survives an environment that is deleted', async () => {
  using environment = testEnvironment();
  const wheel = await environment.stored(buildWheel(full));
  install(environment, wheel);
  rmSync(environment.target.prefix, { recursive: true });
  expect(isIntact(wheel)).toBe(true);
});

describe('what is the same in every environment', () => {
  const plain: WheelDraft = { name: 'up', version: '2.0', files: { 'up/a.py': 'a = 2\n' } };
  const texts = ({ target }: TestEnvironment): readonly string[] =>
    ['RECORD', 'INSTALLER'].map((name) => readFileSync(join(target.purelib, 'up-2.0.dist-info', name), 'utf8'));

  test('is kept with the wheel, and made anew where it was written into', async () => {
    using first = testEnvironment();
    const wheel = await first.stored(buildWheel(plain));
    const again = (): readonly string[] => {
      using next = testEnvironment();
      installWheel(wheel, next.target, { link: createLinker('hardlink'), installer: 'x y' });
      const found = texts(next);
      writeFileSync(join(next.target.purelib, 'up-2.0.dist-info/RECORD'), 'spoilt\n');
      return found;
    };
    const made = again();
    expect(made[1]).toBe('x y');
    expect(existsSync(join(wheel.tree, '../RECORD.x%20y'))).toBe(true);
    expect(again()).toEqual(made);
    expect(again()).toEqual(made);
    expect(isIntact(wheel)).toBe(true);
  });

  test('is linked, not made, the second time', async () => {
    using first = testEnvironment();
    using second = testEnvironment();
    const wheel = await first.stored(buildWheel(plain));
    for (const { target } of [first, second]) {
      installWheel(wheel, target, { link: createLinker('hardlink'), installer: 'x' });
    }
    const inode = ({ target }: TestEnvironment): number =>
      statSync(join(target.purelib, 'up-2.0.dist-info/RECORD')).ino;
    expect(texts(second)).toEqual(texts(first));
    expect(inode(second)).toBe(inode(first));
  });
});

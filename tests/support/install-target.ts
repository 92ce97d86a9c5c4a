/** An empty environment in a temporary folder for tests of installing, and looks at it. */

import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Sha256 } from '../../src/ground/brand.ts';
import type { WheelStore } from '../../src/installer/store.ts';
import { openStore } from '../../src/installer/store.ts';
import type { StoredWheel } from '../../src/installer/stored-wheel.ts';
import type { InstallTarget } from '../../src/installer/target.ts';
import type { BuiltDistribution } from './wheel-builder.ts';

export interface TestEnvironment {
  readonly folder: string;
  /** The environment, below `folder`. */
  readonly target: InstallTarget;
  readonly store: WheelStore;
  /** Puts a wheel into the store. */
  stored(wheel: BuiltDistribution): Promise<StoredWheel>;
  /** Path below the environment → contents; `*` behind the paths of executable files, `@` behind
   * those of symbolic links. Folders that are empty end in `/`. */
  tree(): Readonly<Record<string, string>>;
  [Symbol.dispose](): void;
}

/** Makes an environment whose Python is named but does not exist. */
export function testEnvironment(name = 'env'): TestEnvironment {
  const folder = mkdtempSync(join(tmpdir(), 'tercet-install-'));
  const prefix = join(folder, name);
  const library = join(prefix, 'lib/python3.11/site-packages');
  mkdirSync(library, { recursive: true });
  mkdirSync(join(prefix, 'bin'));
  mkdirSync(join(prefix, 'include'));
  const target = {
    prefix,
    python: join(prefix, 'bin/python'),
    purelib: library,
    platlib: library,
    scripts: join(prefix, 'bin'),
    data: prefix,
    include: join(prefix, 'include/site/python3.11'),
  };
  const store = openStore(join(folder, 'cache'));
  return {
    folder,
    target,
    store,
    stored(wheel) {
      const path = join(folder, 'downloaded');
      writeFileSync(path, wheel.bytes);
      return store.add(path, wheel.file, wheel.sha256 as Sha256);
    },
    tree: () => readTree(prefix),
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** All files below a folder with their contents, sorted by path. */
function readTree(folder: string): Readonly<Record<string, string>> {
  const tree: Record<string, string> = {};
  const walk = (path: string): void => {
    const names = readdirSync(join(folder, path)).sort();
    if (names.length === 0 && path !== '') tree[`${path}/`] = '';
    for (const name of names) {
      const below = path === '' ? name : `${path}/${name}`;
      const found = lstatSync(join(folder, below));
      if (found.isDirectory()) walk(below);
      else if (found.isSymbolicLink()) tree[`${below}@`] = readlinkSync(join(folder, below));
      else tree[`${below}${(found.mode & 0o111) !== 0 ? '*' : ''}`] = readFileSync(join(folder, below), 'latin1');
    }
  };
  walk('');
  return tree;
}

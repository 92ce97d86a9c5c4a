import { expect, test } from 'bun:test';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { testEnvironment } from '../../tests/support/install-target.ts';
import { buildWheel } from '../../tests/support/wheel-builder.ts';
import { createLinker } from '../files/link.ts';
import { uninstallDistribution } from './apply.ts';
import { compileWheels } from './bytecode.ts';
import { installWheel } from './install-wheel.ts';

const python = Bun.which('python3');

test.skipIf(python === null)('bytecode is made once, is read by Python, and goes with its package', async () => {
  using environment = testEnvironment();
  const before = environment.tree();
  const target = { ...environment.target, python: python ?? '' };
  const files = {
    'pkg/__init__.py': 'import sys\nprint(__cached__, end="")\n',
    'pkg/broken.py': 'def (:\n',
    'top.py': '',
  };
  const wheel = await environment.stored(buildWheel({ name: 'pkg', files }));
  const { signal } = new AbortController();
  const bytecode = (await compileWheels([wheel], target, signal)).get(wheel.sha256);
  expect(bytecode?.paths.length).toBe(2);
  expect((await compileWheels([wheel], { ...target }, signal)).get(wheel.sha256)).toEqual(bytecode);

  installWheel(wheel, target, { link: createLinker(), installer: 'x', bytecode });
  const cached = bytecode?.paths.find((path) => path.includes('__init__')) ?? '';
  const stored = readFileSync(join(bytecode?.tree ?? '', cached));
  const { stdout } = Bun.spawnSync([python ?? '', '-c', 'import pkg'], { env: { PYTHONPATH: target.purelib } });
  expect(stdout.toString()).toBe(join(target.purelib, cached));
  // Python took it as it was: had it been stale, it would have been written anew.
  expect(readFileSync(join(target.purelib, cached)).equals(stored)).toBe(true);
  // It names its source as the wheel does, whichever store and environment it is in; Python puts the place that it finds.
  expect(stored.includes('pkg/__init__.py')).toBe(true);
  expect(stored.includes(wheel.sha256)).toBe(false);

  const path = join(target.purelib, 'pkg-1.0.dist-info');
  uninstallDistribution(
    { name: 'pkg' as never, prettyName: 'pkg', version: '1.0', path, editable: false, inherited: false },
    target,
  );
  expect(environment.tree()).toEqual(before);
  expect(existsSync(join(bytecode?.tree ?? '', cached))).toBe(true);
});

import { expect, test } from 'bun:test';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { testEnvironment } from '../../tests/support/install-target.ts';
import { createOwners } from './owners.ts';

test('a file belongs to whoever lists it, in whatever form', () => {
  using environment = testEnvironment();
  const { purelib, scripts } = environment.target;
  const record = (name: string, rows: string): string => {
    const folder = join(purelib, `${name}-1.0.dist-info`);
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'RECORD'), rows);
    return folder;
  };
  const own = record('own', 'shared/a.py,,\n');
  record('plain', 'shared/a.py,sha256=x,1\n../../../bin/tool,,\n');
  record('absolute', `${join(purelib, 'shared/b.py')},,\n`);
  record('roundabout', './other/../shared/c.py,,\n');
  record('quoted', '"shared/d ""x"".py",,\n');
  record('broken', 'shared/e.py\n');
  mkdirSync(join(purelib, 'listless-1.0.dist-info'));
  const isOwned = createOwners(environment.target)(own);
  for (const path of ['shared/a.py', 'shared/b.py', 'shared/c.py', 'shared/d "x".py']) {
    expect([path, isOwned(join(purelib, path))]).toEqual([path, true]);
  }
  expect(isOwned(join(scripts, 'tool'))).toBe(true);
  for (const path of ['shared/e.py', 'shared/f.py', 'own-1.0.dist-info/RECORD', 'a.py']) {
    expect([path, isOwned(join(purelib, path))]).toEqual([path, false]);
  }
});

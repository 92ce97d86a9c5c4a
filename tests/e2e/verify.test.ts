/** `sync --verify`: every installed file is what was locked, or is made so again. */

import { expect, test } from 'bun:test';
import { readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startIndex } from '../support/index-server.ts';
import { createHome, type Home, manifestOf } from '../support/run-tercet.ts';
import { buildWheel } from '../support/wheel-builder.ts';

const files = { 'alpha/__init__.py': 'A = 1\n', 'alpha/more.py': 'B = 2\n', 'common.py': '' };
const alpha = buildWheel({ name: 'alpha', files, entryPoints: '[console_scripts]\nalpha = alpha:main\n' });
const beta = buildWheel({ name: 'beta', files: { 'beta.py': '', 'common.py': '# mine\n' } });

function libraryOf({ project }: Home): string {
  const [python = ''] = readdirSync(join(project, '.venv/lib'));
  return join(project, '.venv/lib', python, 'site-packages');
}

/** Writes into a file as a failing disk does: its time stays. */
function rot(path: string): void {
  const { atime, mtime } = statSync(path);
  writeFileSync(path, 'rotten\n');
  utimesSync(path, atime, mtime);
}

test.each(['hardlink', 'copy'])('files that were lost or changed come back (%s)', async (TERCET_LINK_MODE) => {
  await using index = startIndex([alpha, beta]);
  using home = createHome(index.url);
  const env = { TERCET_LINK_MODE };
  home.write('pyproject.toml', manifestOf(['alpha', 'beta']));
  expect((await home.run(['install'], { env })).code).toBe(0);
  const library = libraryOf(home);
  const sound = await home.run(['sync', '--verify'], { env });
  expect(sound.stdout).toContain('2 packages verified, all as installed\n');
  expect(sound.stdout).not.toContain('Updating');

  rot(join(library, 'alpha/__init__.py'));
  rmSync(join(library, 'alpha/more.py'));
  writeFileSync(join(home.project, '.venv/bin/alpha'), '#!/bin/sh\n');
  expect((await home.run(['sync'], { env })).stdout).toContain('No dependencies to install or update');
  const listed = await home.run(['sync', '--verify', '--dry-run'], { env });
  expect(listed.stderr).toContain(
    'alpha (1.0) is damaged: ../../../bin/alpha has other contents, alpha/__init__.py has other contents, alpha/more.py is missing\n',
  );
  const mended = await home.run(['sync', '--verify'], { env });
  expect(mended.code).toBe(0);
  expect(mended.stdout).toContain('2 packages verified, 1 damaged\n');
  expect(mended.stdout).toContain('0 installs, 1 update, 0 removals');
  expect(readFileSync(join(library, 'alpha/__init__.py'), 'utf8')).toBe('A = 1\n');
  expect(readFileSync(join(library, 'alpha/more.py'), 'utf8')).toBe('B = 2\n');
  expect(readFileSync(join(library, 'common.py'), 'utf8')).toMatch(/^(# mine\n)?$/);
  expect((await home.run(['sync', '--verify'], { env })).stdout).toContain('2 packages verified, all as installed\n');
});

test('a RECORD that was rewritten with the file does not hide it; a lost RECORD neither', async () => {
  await using index = startIndex([alpha]);
  using home = createHome(index.url);
  home.write('pyproject.toml', manifestOf(['alpha']));
  expect((await home.run(['install'], { env: { TERCET_LINK_MODE: 'copy' } })).code).toBe(0);
  const library = libraryOf(home);
  const record = join(library, 'alpha-1.0.dist-info/RECORD');
  writeFileSync(join(library, 'alpha/more.py'), 'evil\n');
  writeFileSync(record, readFileSync(record, 'utf8').replace(/alpha\/more\.py,.*/, 'alpha/more.py,,'));
  expect((await home.run(['sync', '--verify'])).stderr).toContain('alpha/more.py has other contents');
  expect(readFileSync(join(library, 'alpha/more.py'), 'utf8')).toBe('B = 2\n');
  rmSync(record);
  const { code, stderr } = await home.run(['sync', '--verify']);
  expect(stderr).toContain('RECORD cannot be read');
  expect(code).toBe(0);
  expect(readFileSync(record, 'utf8')).toContain('alpha/more.py,sha256=');
});

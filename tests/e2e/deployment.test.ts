/** `docker init`, `docker label`, `lock --sha1`, `lock --hash` and `doctor`, with the executable. */

import { expect, test } from 'bun:test';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createHome, manifestOf } from '../support/run-tercet.ts';

test('tags and labels', async () => {
  using home = createHome();
  home.write('pyproject.toml', manifestOf([]));
  expect((await home.run(['lock', '--sha1'])).stderr).toBe('\nThere is no poetry.lock\n\nhint: run `tercet lock`\n');
  await home.run(['lock']);
  const bytes = readFileSync(join(home.project, 'poetry.lock'));
  const sha1 = createHash('sha1').update(bytes).digest('hex');
  expect((await home.run(['lock', '--sha1'])).stdout).toBe(`${sha1}\n`);
  const { stdout: hash } = await home.run(['lock', '--hash']);
  const labels = (await home.run(['docker', 'label'])).stdout;
  expect(labels).toBe(
    `--label org.opencontainers.image.title=demo --label org.opencontainers.image.version=0.1.0 --label tercet.lock.sha1=${sha1} --label tercet.lock.hash=sha256:${hash}`,
  );
  home.write(
    'poetry.lock',
    bytes
      .toString()
      .replaceAll('\n', '\r\n')
      .replace(/by Poetry \S+/, 'by Poetry 2.0.0'),
  );
  expect((await home.run(['lock', '--hash'])).stdout).toBe(hash);
  home.write('pyproject.toml', manifestOf(['six']));
  expect((await home.run(['lock', '--sha1'])).stderr).toContain('poetry.lock is older than pyproject.toml');
});

test('docker init, and what doctor thinks of it', async () => {
  using home = createHome();
  home.write('pyproject.toml', manifestOf([]));
  home.write('run.py', '');
  expect((await home.run(['docker', 'init'])).stderr).toContain('There is no poetry.lock');
  await home.run(['lock']);
  expect((await home.run(['docker', 'init'])).stdout).toBe('Created Dockerfile\nCreated .dockerignore\n');
  expect(home.read('Dockerfile')).toContain('\nCMD ["python", "run.py"]\n');
  expect(await home.run(['doctor'])).toEqual({
    code: 0,
    stdout: '1 deployment file read, nothing will break\n',
    stderr: '',
  });
  home.write('.dockerignore', 'mine\n');
  const again = await home.run(['docker', 'init']);
  expect(again.code).toBe(1);
  expect(again.stderr).toStartWith('\nDockerfile and .dockerignore are there already\n');
  expect(home.read('.dockerignore')).toBe('mine\n');
  home.write('Dockerfile', 'FROM python:2.7\nCOPY poetry.lock .\nRUN poetry install --no-dev\n');
  const sick = await home.run(['doctor']);
  expect(sick.code).toBe(1);
  expect(sick.stdout).toStartWith(
    'error: Dockerfile:3: Poetry 2 refuses --no-dev (tercet takes it)\n  fix: write --only main',
  );
  expect(sick.stdout).toEndWith('\n1 deployment file read: 2 errors, 0 warnings\n');
});

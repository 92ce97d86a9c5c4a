/** The npm packages and the wheels, with a small program in the executable's place, installed by npm and by tercet itself. */

import { afterAll, describe, expect, test } from 'bun:test';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { writeNpmPackages } from '../../scripts/package/npm-packages.ts';
import { hostTarget, TARGETS, type Target } from '../../scripts/package/targets.ts';
import { pythonVersion, writeWheels } from '../../scripts/package/wheels.ts';
import { createHome, manifestOf } from '../support/run-tercet.ts';

const work = realpathSync(mkdtempSync(join(tmpdir(), 'tercet-packages-')));
afterAll(() => rmSync(work, { recursive: true, force: true }));
const payload = join(work, 'payload');
writeFileSync(payload, '#!/bin/sh\necho "tercet (version 1.0.0)" "$@"\n[ "$1" != fail ] || exit 7\n');
chmodSync(payload, 0o755);
const about = { version: '1.0.0', description: 'A drop-in Poetry', license: 'MIT' };
const host = hostTarget() as Target;

async function run(command: readonly string[], cwd = work) {
  const child = Bun.spawn([...command], {
    cwd,
    env: { PATH: process.env.PATH ?? '', HOME: work, npm_config_cache: join(work, 'npm-cache') },
    stdin: 'ignore',
    stdout: 'pipe',
    stderr: 'pipe',
  });
  const [stdout, stderr, code] = await Promise.all([child.stdout.text(), child.stderr.text(), child.exited]);
  return { code, stdout, stderr };
}

describe('npm', () => {
  const folders = writeNpmPackages({
    ...about,
    directory: join(work, 'npm'),
    executables: new Map(TARGETS.map((one) => [one, payload])),
  });

  test('one package a platform, chosen by npm', () => {
    const read = (folder: string) => JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    expect(Object.keys(read(join(work, 'npm/tercet')).optionalDependencies).sort()).toEqual(
      TARGETS.map(({ name }) => `@tercet/${name}`).sort(),
    );
    expect(read(join(work, 'npm/linux-arm64-musl'))).toMatchObject({ os: ['linux'], cpu: ['arm64'], libc: ['musl'] });
    expect(folders.length).toBe(TARGETS.length + 1);
  });

  test.each([
    ['', 'sh'],
    ['--ignore-scripts', 'node'],
  ])(
    'npm install %s',
    async (option, starts) => {
      const project = join(work, `npm-project${option}`);
      mkdirSync(project);
      const main = join(work, 'npm/tercet');
      const manifest = JSON.parse(readFileSync(join(main, 'package.json'), 'utf8'));
      // The platforms' packages are on no registry here: the one that is wanted is named beside it.
      writeFileSync(join(main, 'package.json'), JSON.stringify({ ...manifest, optionalDependencies: {} }));
      const packed = await Promise.all(
        [main, join(work, 'npm', host.name)].map((one) => run(['npm', 'pack', '--silent', one], project)),
      );
      const archives = packed.map(({ stdout }) => join(project, stdout.trim()));
      const done = await run(
        [
          'npm',
          'install',
          '--offline',
          '--no-audit',
          '--no-fund',
          '--prefix',
          project,
          ...(option ? [option] : []),
          ...archives,
        ],
        project,
      );
      expect(done.code).toBe(0);
      const program = join(project, 'node_modules/.bin/tercet');
      expect(readFileSync(program, 'utf8')).toStartWith(starts === 'sh' ? '#!/bin/sh' : '#!/usr/bin/env node');
      expect((await run([program, '--version'])).stdout).toBe('tercet (version 1.0.0) --version\n');
      expect((await run([program, 'fail'])).code).toBe(7);
    },
    30_000,
  );

  test('without an executable the starter says what is wrong', async () => {
    const { code, stderr } = await run([join(work, 'npm/tercet/bin/tercet'), '--version']);
    expect(code).toBe(1);
    expect(stderr).toStartWith(`error: tercet has no executable for ${host.name} here.`);
  });
});

describe('wheels', () => {
  test('installed, the executable is in bin as it is, and python -m works', async () => {
    const wheels = writeWheels({
      ...about,
      directory: join(work, 'wheels'),
      readme: '# tercet\n',
      executables: new Map([[host, payload]]),
    });
    const [wheel = ''] = wheels;
    using home = createHome();
    home.write('pyproject.toml', manifestOf([`tercet @ file://${wheel}`]));
    expect(await home.run(['install', '--no-root'])).toMatchObject({ code: 0 });
    expect(readFileSync(join(home.project, '.venv/bin/tercet'))).toEqual(readFileSync(payload));
    expect((await home.run(['run', 'python', '-m', 'tercet', 'x'])).stdout).toBe('tercet (version 1.0.0) x\n');
    expect((await home.run(['run', 'python', '-m', 'tercet', 'fail'])).code).toBe(7);
    expect(existsSync(join(home.project, '.venv/bin/poetry'))).toBe(false);
  });

  test('names', () => {
    const wheels = writeWheels({
      ...about,
      version: '1.1.0-rc.2',
      directory: join(work, 'all'),
      readme: '',
      executables: new Map(TARGETS.map((one) => [one, payload])),
    });
    expect(wheels.map((one) => basename(one))).toContain('tercet-1.1.0rc2-py2.py3-none-musllinux_1_2_aarch64.whl');
    expect(pythonVersion('1.0.0')).toBe('1.0.0');
  });
});

/** Several runs of the executable at once, on one project that has no environment yet. */

import { describe, expect, test } from 'bun:test';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { startIndex } from '../support/index-server.ts';
import { createHome, manifestOf } from '../support/run-tercet.ts';
import { buildWheel } from '../support/wheel-builder.ts';

const wheels = ['alpha', 'beta', 'gamma'].map((name) =>
  buildWheel({ name, version: '1.0', files: { [`${name}.py`]: '' } }),
);
const IMPORT_ALL = ['run', 'python', '-c', 'import alpha, beta, gamma'];

describe('three runs of install', () => {
  for (const [what, env] of [
    ['in the project', {}],
    ['with pip', { POETRY_VIRTUALENVS_OPTIONS_NO_PIP: 'false' }],
    ['in the folder of all environments', { POETRY_VIRTUALENVS_IN_PROJECT: 'false' }],
  ] as const) {
    test(what, async () => {
      await using index = startIndex(wheels);
      using home = createHome(index.url);
      home.write('pyproject.toml', manifestOf(['alpha', 'beta', 'gamma']));
      expect((await home.run(['lock'])).code).toBe(0);
      const runs = await Promise.all([1, 2, 3].map(() => home.run(['install'], { env })));
      expect(runs.map(({ code, stderr }) => [code, /error/i.test(stderr)])).toEqual(runs.map(() => [0, false]));
      expect(runs.filter(({ stderr }) => stderr.includes('Creating virtualenv'))).toHaveLength(1);
      expect(runs.filter(({ stdout }) => stdout.includes('3 installs'))).toHaveLength(1);
      expect((await home.run(IMPORT_ALL, { env })).code).toBe(0);
    });
  }

  test('the lock is not left in the project', async () => {
    await using index = startIndex(wheels);
    using home = createHome(index.url);
    home.write('pyproject.toml', manifestOf(['alpha']));
    await home.run(['lock']);
    await Promise.all([1, 2].map(() => home.run(['install'])));
    expect(readdirSync(home.project).sort()).toEqual(['.venv', 'poetry.lock', 'pyproject.toml']);
    expect(readdirSync(join(home.project, '.venv')).some((name) => name.endsWith('.part'))).toBe(false);
  });
});

import { afterAll, beforeEach, describe, expect, test } from 'bun:test';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pythonJson } from '../ground/python-json.ts';
import { migrate, neededMigrations } from './migrations.ts';
import { readProperty, removeProperty, setProperty } from './property.ts';
import { pythonText } from './python-text.ts';

const root = mkdtempSync(join(tmpdir(), 'tercet-property-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

let count = 0;
let file: string;
beforeEach(() => {
  count += 1;
  file = join(root, String(count), 'config.toml');
});
const text = () => readFileSync(file, 'utf8');

describe('a file', () => {
  test('is made for its owner alone, and left empty by the last removal', async () => {
    await setProperty(file, ['virtualenvs', 'options', 'no-pip'], true);
    expect(text()).toBe('[virtualenvs.options]\nno-pip = true\n');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    await removeProperty(file, ['virtualenvs', 'options', 'no-pip']);
    expect(text()).toBe('');
    await removeProperty(file, ['virtualenvs', 'create']);
    await removeProperty(join(root, 'absent.toml'), ['x']);
  });

  test('keeps its comments, its mode, and tables that hold more', async () => {
    mkdirSync(join(file, '..'));
    writeFileSync(file, '# mine\n[virtualenvs]  # here\ncreate = true\nin-project = true\n');
    await setProperty(file, ['virtualenvs', 'create'], false);
    await removeProperty(file, ['virtualenvs', 'in-project']);
    expect(text()).toBe('# mine\n[virtualenvs]  # here\ncreate = false\n');
    expect(statSync(file).mode & 0o777).toBe(0o644);
    expect(await readProperty(file, ['virtualenvs'])).toEqual({ create: false });
  });

  test('takes whole tables and names with dots', async () => {
    await setProperty(file, ['http-basic', 'my.repo'], { username: 'u', password: 'p"q' });
    expect(text()).toBe('[http-basic."my.repo"]\nusername = "u"\npassword = "p\\"q"\n');
    await setProperty(file, ['http-basic', 'my.repo'], { username: 'v' });
    expect(await readProperty(file, ['http-basic', 'my.repo'])).toEqual({ username: 'v' });
    await removeProperty(file, ['http-basic', 'my.repo']);
    expect(text()).toBe('');
  });
});

test('migrations', async () => {
  await setProperty(file, ['virtualenvs', 'prefer-active-python'], false);
  await setProperty(file, ['experimental', 'system-git-client'], true);
  const needed = await neededMigrations(file);
  expect(needed.map(({ from, value }) => [from, value])).toEqual([
    ['experimental.system-git-client', true],
    ['virtualenvs.prefer-active-python', true],
  ]);
  await migrate(file, needed);
  expect(await readProperty(file, ['system-git-client'])).toBe(true);
  expect(await readProperty(file, ['virtualenvs'])).toEqual({ 'use-poetry-python': true });
  expect(await neededMigrations(file)).toEqual([]);
  await setProperty(file, ['virtualenvs', 'prefer-active-python'], true);
  await migrate(file, await neededMigrations(file));
  expect(await readProperty(file, ['virtualenvs'])).toEqual({ 'use-poetry-python': true });
});

test.each([
  ['é"\\\n', '"\\u00e9\\"\\\\\\n"', 'é"\\\n'],
  [true, 'true', 'True'],
  [null, 'null', 'None'],
  [3, '3', '3'],
  [['a', 1], '["a", 1]', "['a', 1]"],
  [{ a: "it's", b: `it's "x"` }, '{"a": "it\'s", "b": "it\'s \\"x\\""}', `{'a': "it's", 'b': 'it\\'s "x"'}`],
])('%p as Python prints it', (value, json, plain) => {
  expect(pythonJson(value)).toBe(json);
  expect(pythonText(value)).toBe(plain);
});

import { afterAll, describe, expect, test } from 'bun:test';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Configuration, loadConfiguration } from './configuration.ts';
import { configDir, defaultCacheDir, defaultDataDir } from './places.ts';
import { isValidText, type SettingKey, storedValue } from './settings.ts';

const root = mkdtempSync(join(tmpdir(), 'tercet-configuration-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

let count = 0;
interface Given {
  readonly config?: string;
  readonly auth?: string;
  readonly local?: string;
  readonly env?: Record<string, string>;
}
async function load({ config, auth, local, env = {} }: Given): Promise<Configuration> {
  count += 1;
  const home = join(root, String(count));
  const projectDir = join(home, 'project');
  mkdirSync(join(home, '.config/pypoetry'), { recursive: true });
  mkdirSync(projectDir);
  if (config !== undefined) writeFileSync(join(home, '.config/pypoetry/config.toml'), config);
  if (auth !== undefined) writeFileSync(join(home, '.config/pypoetry/auth.toml'), auth);
  if (local !== undefined) writeFileSync(join(projectDir, 'poetry.toml'), local);
  return loadConfiguration({ projectDir, env, home, platform: 'linux' });
}

describe('precedence', () => {
  test('defaults', async () => {
    const c = await load({});
    const home = join(root, String(count));
    expect(c.get('virtualenvs.create')).toBe(true);
    expect(c.get('virtualenvs.in-project')).toBeUndefined();
    expect(c.lookup('virtualenvs.in-project')).toBeNull();
    expect(c.get('virtualenvs.path')).toBe(`${home}/.cache/pypoetry/virtualenvs`);
    expect(c.folder('python.installation-dir')).toBe(`${home}/.local/share/pypoetry/python`);
    expect(c.get('virtualenvs.prompt')).toBe('{project_name}-py{python_version}');
    expect(c.get('installer.max-workers')).toBeUndefined();
    expect(c.lookup('nothing.here')).toBeUndefined();
  });

  test('environment over poetry.toml over config.toml', async () => {
    const config = '[virtualenvs]\ncreate = false\nin-project = true\n[solver]\nmin-release-age = 3\n';
    const local = '[virtualenvs]\nin-project = false\n';
    const files = await load({ config, local });
    expect(files.get('virtualenvs.create')).toBe(false);
    expect(files.get('virtualenvs.in-project')).toBe(false);
    expect(files.get('solver.min-release-age')).toBe(3);
    const env = await load({
      config,
      local,
      env: { POETRY_VIRTUALENVS_IN_PROJECT: 'TRUE', POETRY_VIRTUALENVS_CREATE: '' },
    });
    expect(env.get('virtualenvs.in-project')).toBe(true);
    expect(env.get('virtualenvs.create')).toBe(false);
    expect(env.lookup('virtualenvs.options')).toEqual({
      'always-copy': false,
      'system-site-packages': false,
      'no-pip': false,
    });
  });

  test('credentials from auth.toml, tables, names with dots and variables', async () => {
    const auth = '[http-basic."my.repo"]\nusername = "u"\npassword = "p\\"q"\n[certificates.foo]\ncert = false\n';
    const c = await load({ auth, env: { POETRY_HTTP_BASIC_OTHER_REPO_PASSWORD: 'x', POETRY_PYPI_TOKEN_FOO: 't' } });
    expect(c.lookup(['http-basic', 'my.repo'])).toEqual({ username: 'u', password: 'p"q' });
    expect(c.lookup(['http-basic', 'other-repo', 'password'])).toBe('x');
    expect(c.lookup(['pypi-token', 'foo'])).toBe('t');
    expect(c.lookup(['certificates', 'foo', 'cert'])).toBe(false);
  });

  test('repositories: the whole table is the environment’s, one name sees the files', async () => {
    const config = '[repositories.foo]\nurl = "https://index.example/simple/"\n';
    const plain = await load({ config });
    expect(plain.lookup('repositories')).toEqual({ foo: { url: 'https://index.example/simple/' } });
    const env = await load({ config, env: { POETRY_REPOSITORIES_TEST_PYPI_URL: 'https://index.example/other/' } });
    expect(env.lookup('repositories')).toEqual({ 'test-pypi': { url: 'https://index.example/other/' } });
    expect(env.lookup('repositories.foo')).toEqual({ url: 'https://index.example/simple/' });
  });

  test('templates', async () => {
    const c = await load({
      config: 'cache-dir = "/c"\n[virtualenvs]\npath = "{cache-dir}/v/{unknown}"\nprompt = "{virtualenvs.prompt}"\n',
      env: { POETRY_DATA_DIR: '{cache-dir}/data' },
    });
    expect(c.get('virtualenvs.path')).toBe('/c/v/{unknown}');
    expect(c.get('data-dir')).toBe('/c/data');
    expect(c.get('python.installation-dir')).toBe('/c/data/python');
    expect(c.get('virtualenvs.prompt')).toBe('{virtualenvs.prompt}');
  });

  test('build settings are merged from the environment', async () => {
    const config = '[installer.build-config-settings.foo]\nA = "1"\n';
    const c = await load({ config, env: { POETRY_INSTALLER_BUILD_CONFIG_SETTINGS_MY_PKG: '{"B": ["2"]}' } });
    expect(c.lookup('installer.build-config-settings')).toEqual({ foo: { A: '1' }, 'my-pkg': { B: ['2'] } });
    expect(c.lookup(['installer', 'build-config-settings', 'my-pkg'])).toEqual({ B: ['2'] });
  });

  test('old keys and odd values do no harm', async () => {
    const c = await load({
      config:
        '[experimental]\nnew-installer = true\n[virtualenvs]\ncreate = "false"\n[installer]\nno-binary = "a_B,c"\n',
    });
    expect(c.get('virtualenvs.create')).toBe(false);
    expect(c.get('installer.no-binary')).toEqual(['a-b', 'c']);
  });

  test('the mirror of PyPI, by our key, the plugin’s table or its variable', async () => {
    const url = 'https://index.example/simple/';
    expect((await load({ config: `[pypi-mirror]\nurl = "${url}"\n` })).get('pypi-mirror.url')).toBe(url);
    expect((await load({ config: `[plugins.pypi_mirror]\nurl = "${url}"\n` })).get('pypi-mirror.url')).toBe(url);
    expect((await load({ env: { POETRY_PYPI_MIRROR_URL: url } })).get('pypi-mirror.url')).toBe(url);
    expect((await load({})).get('pypi-mirror.url')).toBeUndefined();
  });

  test('the address of a shared cache is a setting', async () => {
    const url = 'https://cache.example/';
    expect((await load({ config: `[remote-cache]\nurl = "${url}"\n` })).get('remote-cache.url')).toBe(url);
    expect((await load({})).get('remote-cache.url')).toBeUndefined();
  });

  test('a broken file is named', async () => {
    expect(load({ config: 'a = ' })).rejects.toThrow(/^Invalid TOML file [^:]*config\.toml: [^:]*$/);
  });
});

test('places of every platform', () => {
  const home = '/h';
  expect(configDir({ env: {}, home, platform: 'darwin' })).toBe('/h/Library/Application Support/pypoetry');
  expect(defaultCacheDir({ env: {}, home, platform: 'darwin' })).toBe('/h/Library/Caches/pypoetry');
  expect(configDir({ env: { POETRY_CONFIG_DIR: '/x' }, home })).toBe('/x');
  expect(configDir({ env: { XDG_CONFIG_HOME: '/x' }, home, platform: 'linux' })).toBe('/x/pypoetry');
  expect(defaultDataDir({ env: { POETRY_HOME: '~/p' }, home, platform: 'linux' })).toBe('/h/p');
});

test.each<[SettingKey, string, boolean, unknown]>([
  ['virtualenvs.create', 'true', true, true],
  ['virtualenvs.create', '0', true, false],
  ['virtualenvs.create', 'TRUE', false, true],
  ['virtualenvs.create', 'maybe', false, false],
  ['installer.max-workers', '4', true, 4],
  ['installer.max-workers', '0', false, 0],
  ['requests.max-retries', '0', true, 0],
  ['requests.max-retries', 'x', false, Number.NaN],
  ['installer.no-binary', 'true', true, [':all:']],
  ['installer.no-binary', ':none:', true, [':none:']],
  ['installer.no-binary', 'A_b,c', true, ['a-b', 'c']],
  ['installer.no-binary', 'a b', false, ['a b']],
  ['solver.min-release-age-exclude-source', ' a, b ', true, ['a', 'b']],
  ['solver.min-release-age-exclude-source', ' ', false, []],
  ['virtualenvs.path', '/a//b/./c/', true, '/a/b/c'],
  ['cache-dir', '.', true, '.'],
  ['cache-dir', '', false, '.'],
  ['virtualenvs.prompt', '', false, ''],
])('%s from %p', (key, text, valid, stored) => {
  expect(isValidText(key, text)).toBe(valid);
  expect(storedValue(key, text)).toEqual(stored);
});

/** Locking once more what was locked before: nothing is searched while the index says the same, and never a stale lock. */

import { expect, test } from 'bun:test';
import { existsSync, openSync, readdirSync, readFileSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { startIndex } from '../support/index-server.ts';
import { createHome, type Home, manifestOf } from '../support/run-tercet.ts';
import { buildWheel } from '../support/wheel-builder.ts';

const alpha = (version: string) => buildWheel({ name: 'alpha', version, requires: ['beta'] });
const beta = buildWheel({ name: 'beta', version: '1.0' });

const keptIn = (home: Home): string => join(home.cache, 'resolutions-v3');

/** Lets every page of the cache be too old to be used unasked. */
function age(home: Home): void {
  const pages = join(home.cache, 'projects-v1');
  for (const name of readdirSync(pages, { recursive: true, withFileTypes: true })) {
    if (!name.isFile()) continue;
    const file = openSync(join(name.parentPath, name.name), 'r+');
    writeSync(file, Buffer.alloc(8), 0, 8, 4);
  }
}

/** Without these a search would have to ask the index for metadata. */
function forgetMetadata(home: Home): void {
  for (const name of readdirSync(home.cache)) {
    if (/^(releases|metadata)-/.test(name)) rmSync(join(home.cache, name), { recursive: true });
  }
}

test('the same question is answered from memory, with the same bytes and words', async () => {
  await using index = startIndex([alpha('1.0'), beta]);
  using home = createHome(index.url);
  home.write('pyproject.toml', manifestOf(['alpha']));
  const first = await home.run(['lock']);
  const text = home.read('poetry.lock');
  rmSync(join(home.project, 'poetry.lock'));
  forgetMetadata(home);
  const asked = index.requests.length;
  expect(await home.run(['lock'])).toEqual(first);
  expect(home.read('poetry.lock')).toBe(text);
  expect(index.requests.length).toBe(asked);

  age(home);
  rmSync(join(home.project, 'poetry.lock'));
  expect(await home.run(['lock'])).toEqual(first);
  expect(home.read('poetry.lock')).toBe(text);
  const since = index.requests.slice(asked).map(({ path }) => path);
  expect(since.sort()).toEqual(['/simple/alpha/', '/simple/beta/']);
});

test('installed from memory, packages come in the same order: the deepest first', async () => {
  const deep = [
    buildWheel({ name: 'one', version: '1', requires: ['two'] }),
    buildWheel({ name: 'two', version: '1', requires: ['three'] }),
    buildWheel({ name: 'three', version: '1' }),
  ];
  await using index = startIndex(deep);
  using home = createHome(index.url);
  home.write('pyproject.toml', manifestOf(['one']));
  const installing = async () => (await home.run(['install', '--dry-run'])).stdout.match(/Installing \w+ /g);
  expect(await installing()).toEqual(['Installing three ', 'Installing two ', 'Installing one ']);
  forgetMetadata(home);
  const asked = index.requests.length;
  expect(await installing()).toEqual(['Installing three ', 'Installing two ', 'Installing one ']);
  expect(index.requests.length).toBe(asked);
});

test('a page that says something else, another manifest, another lock: each is searched for', async () => {
  await using index = startIndex([alpha('1.0'), beta]);
  using home = createHome(index.url);
  home.write('pyproject.toml', manifestOf(['alpha']));
  await home.run(['lock']);
  index.add(alpha('1.1'));
  age(home);
  rmSync(join(home.project, 'poetry.lock'));
  await home.run(['lock']);
  expect(home.read('poetry.lock')).toContain('version = "1.1"');

  home.write('pyproject.toml', manifestOf(['alpha<1.1']));
  await home.run(['lock']);
  expect(home.read('poetry.lock')).not.toContain('version = "1.1"');
  // What is locked stays, though the same manifest was once answered with 1.1.
  home.write('pyproject.toml', manifestOf(['alpha']));
  await home.run(['lock']);
  expect(home.read('poetry.lock')).not.toContain('version = "1.1"');
  await home.run(['update', '--lock']);
  expect(home.read('poetry.lock')).toContain('version = "1.1"');
});

test('a lock that is newer than its manifest is looked up first, and told of once, whether it has to be searched for or not', async () => {
  await using index = startIndex([alpha('1.0'), beta]);
  using home = createHome(index.url);
  home.write('pyproject.toml', manifestOf(['alpha']));
  await home.run(['lock']);
  const text = home.read('poetry.lock');
  // Asked with this lock for the first time, so it is searched for.
  forgetMetadata(home);
  const asked = index.requests.length;
  const searched = await home.run(['lock']);
  expect(searched).toMatchObject({ code: 0, stderr: '' });
  expect(searched.stdout.match(/Resolving dependencies/g)?.length).toBe(1);
  expect(index.requests.length).toBeGreaterThan(asked);
  forgetMetadata(home);
  const since = index.requests.length;
  expect(await home.run(['lock'])).toEqual(searched);
  expect(index.requests.length).toBe(since);
  expect(home.read('poetry.lock')).toBe(text);
});

test('what is damaged is not believed', async () => {
  await using index = startIndex([alpha('1.0'), beta]);
  using home = createHome(index.url);
  home.write('pyproject.toml', manifestOf(['alpha']));
  await home.run(['lock']);
  const text = home.read('poetry.lock');
  const [name = ''] = readdirSync(keptIn(home));
  for (const damage of [
    (kept: string) => kept.replace('version = "1.0"', 'version = "6.6"'),
    (kept: string) => kept.slice(0, 200),
    () => '',
    () => '{}\n',
  ]) {
    const path = join(keptIn(home), name);
    writeFileSync(path, damage(readFileSync(path, 'utf8')));
    rmSync(join(home.project, 'poetry.lock'));
    expect((await home.run(['lock'])).code).toBe(0);
    expect(home.read('poetry.lock')).toBe(text);
  }
});

test('a lock that rests on more than pages, or is wanted without a cache, is not kept', async () => {
  await using index = startIndex([alpha('1.0'), beta]);
  using home = createHome(index.url);
  home.write('lib/pyproject.toml', manifestOf(['beta']).replace('"demo"', '"lib"'));
  home.write('pyproject.toml', manifestOf(['alpha', `lib @ file://${home.project}/lib`]));
  expect((await home.run(['lock'])).code).toBe(0);
  expect(home.read('poetry.lock')).toContain('name = "lib"');
  home.write('pyproject.toml', manifestOf(['alpha']));
  expect((await home.run(['lock', '--no-cache'])).code).toBe(0);
  expect((await home.run(['lock', '-vvv'])).stderr).toContain('[search] alpha');
  const young = { POETRY_SOLVER_MIN_RELEASE_AGE: '7' };
  await home.run(['lock'], { env: young });
  expect(existsSync(keptIn(home))).toBe(false);
});

test('warnings come again', async () => {
  await using index = startIndex([{ ...alpha('1.0'), yanked: 'broken' }, beta]);
  using home = createHome(index.url);
  home.write('pyproject.toml', manifestOf(['alpha==1.0']));
  const first = await home.run(['lock']);
  expect(first.stderr).toContain('is a yanked version');
  rmSync(join(home.project, 'poetry.lock'));
  forgetMetadata(home);
  expect(await home.run(['lock'])).toEqual(first);
});

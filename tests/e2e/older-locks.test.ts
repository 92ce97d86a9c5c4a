/** Locks from before 2.1, which know neither groups nor markers: what is needed is found out by resolving within them. */

import { afterAll, beforeAll, expect, test } from 'bun:test';
import { sha256 } from '../../src/files/sha256.ts';
import { contentHash } from '../../src/lock/content-hash.ts';
import { readManifest } from '../../src/manifest/read.ts';
import { type IndexServer, startIndex } from '../support/index-server.ts';
import { createHome, type Home } from '../support/run-tercet.ts';
import { type BuiltDistribution, buildWheel } from '../support/wheel-builder.ts';

/** `loose` is in an extra but not optional, `never` is optional but in no extra. */
const MANIFEST = `\
[project]
name = "demo"
version = "1"
requires-python = ">=3.8"

[tool.poetry]
package-mode = false

[tool.poetry.dependencies]
alpha = "*"
loose = "*"
never = { version = "*", optional = true }
extra = { version = "*", optional = true }

[tool.poetry.extras]
more = ["loose", "extra"]

[tool.poetry.group.tools.dependencies]
tool-with-a-long-name = "*"
`;

const [alpha, extra, loose, never, tool] = ['alpha', 'extra', 'loose', 'never', 'tool-with-a-long-name'].map((name) =>
  buildWheel({ name, summary: name.toUpperCase() }),
) as [BuiltDistribution, BuiltDistribution, BuiltDistribution, BuiltDistribution, BuiltDistribution];

function entry({ name, file, sha256: hash }: BuiltDistribution, optional: boolean, dependencies = ''): string {
  return `[[package]]
name = "${name}"
version = "1.0"
description = "${name.toUpperCase()}"
optional = ${optional}
python-versions = "*"
files = [{file = "${file}", hash = "sha256:${hash}"}]

[package.dependencies]
${dependencies}
`;
}

/** What alpha needs on Windows and what the tool needs is not there. */
const LOCK = `\
${entry(alpha, false, 'elsewhere = {version = "*", markers = "sys_platform == \\"win32\\""}')}
${entry(extra, true)}
${entry(loose, true)}
${entry(never, true)}
${entry(tool, false, 'missing = "*"')}
[extras]
more = ["loose", "extra"]

[metadata]
lock-version = "2.0"
python-versions = ">=3.8"
content-hash = "${contentHash(readManifest(MANIFEST).toml, sha256)}"
`;

let index: IndexServer;
let home: Home;

beforeAll(() => {
  index = startIndex([alpha, extra, loose, never, tool]);
  home = createHome(index.url);
  home.write('pyproject.toml', MANIFEST);
  home.write('poetry.lock', LOCK);
});
afterAll(async () => {
  home[Symbol.dispose]();
  await index.stop();
});

test('install asks for what its groups need in its environment, and goes by "optional"', async () => {
  const order = (text: string): string[] => text.split('\n').sort();
  const plain = await home.run(['install', '--only', 'main', '--dry-run']);
  expect([plain.code, order(plain.stdout)]).toEqual([
    0,
    order(`Installing dependencies from lock file

Package operations: 2 installs, 0 updates, 0 removals, 2 skipped

  - Installing alpha (1.0)
  - Installing extra (1.0): Skipped for the following reason: Not required
  - Installing loose (1.0)
  - Installing never (1.0): Skipped for the following reason: Not required
`),
  ]);
  const all = await home.run(['install', '--only', 'main', '--all-extras', '--dry-run']);
  expect([all.code, order(all.stdout)]).toEqual([
    0,
    order(`Installing dependencies from lock file

Package operations: 3 installs, 0 updates, 0 removals, 1 skipped

  - Installing alpha (1.0)
  - Installing extra (1.0)
  - Installing loose (1.0)
  - Installing never (1.0): Skipped for the following reason: Not required
`),
  ]);
  const tools = await home.run(['install', '--dry-run']);
  expect([tools.code, tools.stdout]).toEqual([1, 'Installing dependencies from lock file\n']);
  expect(tools.stderr).toContain('no versions of missing match *');
});

test('show lists what the groups need', async () => {
  expect(await home.run(['show', '--only', 'main'])).toEqual({
    code: 0,
    stdout: 'alpha (!) 1.0 ALPHA\nextra (!) 1.0 EXTRA\nloose (!) 1.0 LOOSE\nnever (!) 1.0 NEVER\n',
    stderr: '',
  });
  const all = await home.run(['show', '--only', 'main', '--all']);
  expect(all.stdout.split('\n').at(-2)).toBe('tool-with-a-long-name     1.0 TOOL-WITH-A-LONG-NAME');
});

test('check needs only the content hash', async () => {
  home.write('poetry.lock', LOCK.replace('lock-version = "2.0"\n', ''));
  expect((await home.run(['check', '--lock'])).stderr).not.toContain('lock file');
  expect((await home.run(['install'])).stderr).toContain('The lock file is not compatible');
  home.write('poetry.lock', LOCK.replace(/content-hash = ".*"/, 'content-hash = "0"'));
  expect((await home.run(['check', '--lock'])).stderr).toContain('changed significantly');
});

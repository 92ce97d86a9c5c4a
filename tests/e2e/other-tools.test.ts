/** What others make of an environment that was installed into: pip, and Python's own importlib.metadata. */

import { expect, test } from 'bun:test';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { startIndex } from '../support/index-server.ts';
import { createHome, type Home, manifestOf } from '../support/run-tercet.ts';
import { buildWheel } from '../support/wheel-builder.ts';

const alpha = buildWheel({
  name: 'al.pha',
  version: '1.0',
  requires: ['beta>=1'],
  files: {
    'al_pha/__init__.py': 'def main(): print("ran")\n',
    'al_pha/data/table.csv': '1,2\n',
    'al_pha-1.0.data/scripts/al-script': '#!python\nprint("script")\n',
    'al_pha-1.0.data/data/share/al_pha/read.me': 'data\n',
  },
  entryPoints: '[console_scripts]\nal = al_pha:main\n',
});
const beta = buildWheel({ name: 'beta', version: '1.5' });

async function python({ project, path }: Home, ...args: readonly string[]): Promise<string> {
  const child = Bun.spawn([join(project, '.venv/bin/python'), ...args], {
    cwd: project,
    env: { HOME: path, PATH: '/usr/bin:/bin', PIP_DISABLE_PIP_VERSION_CHECK: '1', PIP_NO_INDEX: '1' },
    stdout: 'pipe',
    stderr: 'pipe',
  });
  const [stdout, stderr, code] = await Promise.all([child.stdout.text(), child.stderr.text(), child.exited]);
  expect({ code, stderr: code === 0 ? '' : stderr }).toEqual({ code: 0, stderr: '' });
  return stdout;
}

/** Everything in one process: starting pip takes longest. */
const LOOK = `
import importlib.metadata as m, json
from pip._internal.cli.main import main
d = m.distribution('al-pha')
print(json.dumps([d.version, d.read_text('INSTALLER'), sorted(str(f) for f in d.files if not f.locate().exists()),
    [e.value for e in d.entry_points], m.requires('al.pha')]))
for args in (['list', '--format=freeze'], ['check'], ['show', '-f', 'al-pha'], ['uninstall', '--yes', 'al-pha']):
    print('== ' + args[0], flush=True)
    assert main(args) == 0`;

test('pip and importlib.metadata find all in order, and pip removes all of it', async () => {
  await using index = startIndex([alpha, beta]);
  using home = createHome(index.url);
  home.write('pyproject.toml', manifestOf(['al-pha']));
  expect((await home.run(['install'])).code).toBe(0);
  const [found = '', listed, checked, shown = ''] = (await python(home, '-c', LOOK)).split(/^== .*\n/m);
  expect(JSON.parse(found)).toEqual(['1.0', 'Poetry 2.5.1', [], ['al_pha:main'], ['beta>=1']]);
  expect(listed).toMatch(/^al[.-]pha==1\.0\nbeta==1\.5\npip==/);
  expect(checked).toBe('No broken requirements found.\n');
  for (const path of [
    '../../../bin/al\n',
    '../../../bin/al-script\n',
    'al_pha/data/table.csv\n',
    'share/al_pha/read.me\n',
  ])
    expect(shown).toContain(path);

  const environment = join(home.project, '.venv');
  const left = readdirSync(environment, { recursive: true }).map(String);
  expect(left.filter((path) => /al[_.-]pha|bin\/al/.test(path))).toEqual([]);
  expect(existsSync(join(environment, 'bin/python'))).toBe(true);
  // And what pip has taken away comes back.
  expect((await home.run(['install'])).stdout).toContain('Installing al-pha (1.0)');
  expect((await home.run(['run', 'al'])).stdout).toBe('ran\n');
  expect((await home.run(['run', 'al-script'])).stdout).toBe('script\n');
}, 20_000);

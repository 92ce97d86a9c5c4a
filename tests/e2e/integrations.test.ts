/** What is in `integrations/`, as far as it can be tried without the services: scripts parse, lists are read, documents name what is there. */

import { describe, expect, test } from 'bun:test';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createHome, manifestOf } from '../support/run-tercet.ts';

const root = join(import.meta.dir, '../..');
const integrations = join(root, 'integrations');

test.each([...new Bun.Glob('**/*.{yml,yaml}').scanSync({ cwd: integrations })])('%s is YAML', (file) => {
  expect(typeof Bun.YAML.parse(readFileSync(join(integrations, file), 'utf8'))).toBe('object');
});

test("pre-commit: Poetry's ids, and commands that there are", async () => {
  using home = createHome();
  const hooks = Bun.YAML.parse(readFileSync(join(root, '.pre-commit-hooks.yaml'), 'utf8')) as readonly {
    readonly id: string;
    readonly entry: string;
    readonly args?: readonly string[];
  }[];
  expect(hooks.map(({ id }) => id)).toEqual(['poetry-check', 'poetry-lock', 'poetry-export', 'poetry-install']);
  home.write('pyproject.toml', manifestOf([]));
  for (const name of ['poetry-lock', 'poetry-check', 'poetry-export', 'poetry-install']) {
    const hook = hooks.find(({ id }) => id === name);
    const [, ...words] = [...(hook?.entry.split(' ') ?? []), ...(hook?.args ?? [])];
    expect((await home.run(words)).code).toBe(0);
  }
  expect(home.exists('requirements.txt')).toBe(true);
}, 20_000);

test.each(readdirSync(join(integrations, 'heroku/bin')))('the buildpack: bin/%s', (file) => {
  expect(Bun.spawnSync(['bash', '-n', join(integrations, 'heroku/bin', file)]).exitCode).toBe(0);
});

test('the collection reads what the executable prints', async () => {
  const text = `
  - Installing asgiref (3.13.0)
  - Installing django (4.2.30): Skipped for the following reason: Already installed
  - Updating sqlparse (0.5.0 -> 0.6.1)
  - Downgrading a-b (2.0 -> 1.0)
  - Removing six (1.16.0)
`;
  const script = `
import json, re, sys
source = open(sys.argv[1]).read()
names = {"re": re}
exec(source[source.index("OPERATION = "):source.index("COMMON = ")], names)
exec(source[source.index("def operations"):source.index("def failure")], names)
print(json.dumps([(one["kind"], one["name"], one["version"]) for one in names["operations"](sys.argv[2])]))
`;
  const module = join(integrations, 'ansible/plugins/module_utils/tercet.py');
  const { stdout } = Bun.spawnSync(['python3', '-c', script, module, text]);
  expect(JSON.parse(stdout.toString())).toEqual([
    ['install', 'asgiref', '3.13.0'],
    ['update', 'sqlparse', '0.5.0 -> 0.6.1'],
    ['downgrade', 'a-b', '2.0 -> 1.0'],
    ['remove', 'six', '1.16.0'],
  ]);
});

describe('the guides', () => {
  const guides = ['install', 'docker', 'ci', 'ansible', 'heroku', 'remote-cache'].map((name) =>
    join(root, `docs/${name}.md`),
  );

  test.each(guides)('%s names files that are there', (file) => {
    for (const [, path = ''] of readFileSync(file, 'utf8').matchAll(/\]\((?!https?:)([^)#]+)\)/g)) {
      expect(existsSync(join(dirname(file), path))).toBe(true);
    }
  });

  test('every command of tercet in them is read by its grammar', async () => {
    using home = createHome();
    const lines = guides.flatMap((file) =>
      [
        ...readFileSync(file, 'utf8').matchAll(
          /(?:^|`|\(|"\$\()tercet (?!is )((?:[a-z][a-z-]*)(?: [a-z]+)?)((?: --?[a-z][a-z0-9-]*)*)/gm,
        ),
      ].map(([, words = '', options = '']) => `${words}${options}`),
    );
    expect(lines.length).toBeGreaterThan(10);
    for (const line of new Set(lines)) {
      const { code, stderr } = await home.run([...line.split(' '), '--help']);
      expect({ line, code, stderr }).toEqual({ line, code: 0, stderr: '' });
    }
  }, 20_000);
});

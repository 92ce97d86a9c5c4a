/**
 * The canary of the import rules: a small tree with deliberate violations must be reported, each one. Without
 * this, a rule that silently matches nothing would look like a clean project.
 */

import { expect, test } from 'bun:test';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const root = join(import.meta.dir, '../..');

const CLEAN = {
  'src/ground/a.ts': 'export const a = 1;\n',
  'src/versions/b.ts': "import { a } from '../ground/a.ts';\n\nexport const b = a;\n",
  'src/app/c.ts': "import { b } from '../versions/b.ts';\n\nexport const c = b;\n",
};

const VIOLATIONS: readonly [name: string, file: string, text: string, rule: string][] = [
  [
    'ground knows a room above',
    'src/ground/x.ts',
    "import { b } from '../versions/b.ts';\n\nexport const x = b;\n",
    'noRestrictedImports',
  ],
  [
    'a domain room imports the index',
    'src/versions/x.ts',
    "import { c } from '../index/c.ts';\n\nexport const x = c;\n",
    'noRestrictedImports',
  ],
  [
    'a domain room imports a later one',
    'src/versions/x.ts',
    "import { c } from '../markers/c.ts';\n\nexport const x = c;\n",
    'noRestrictedImports',
  ],
  [
    'a domain room touches files',
    'src/markers/x.ts',
    "import { readFileSync } from 'node:fs';\n\nexport const x = readFileSync;\n",
    'noRestrictedImports',
  ],
  [
    'the resolver fetches',
    'src/resolver/x.ts',
    "import { c } from '../http/c.ts';\n\nexport const x = c;\n",
    'noRestrictedImports',
  ],
  [
    'a sub-folder of the resolver fetches',
    'src/resolver/pubgrub/x.ts',
    "import { c } from '../../http/c.ts';\n\nexport const x = c;\n",
    'noRestrictedImports',
  ],
  [
    'http knows the index',
    'src/http/x.ts',
    "import { c } from '../index/c.ts';\n\nexport const x = c;\n",
    'noRestrictedImports',
  ],
  [
    'the index knows the installer',
    'src/index/x.ts',
    "import { c } from '../installer/c.ts';\n\nexport const x = c;\n",
    'noRestrictedImports',
  ],
  [
    'releases know the index',
    'src/releases/x.ts',
    "import { c } from '../index/c.ts';\n\nexport const x = c;\n",
    'noRestrictedImports',
  ],
  [
    'the publisher knows releases',
    'src/publisher/x.ts',
    "import { c } from '../releases/c.ts';\n\nexport const x = c;\n",
    'noRestrictedImports',
  ],
  [
    'a use case renders',
    'src/app/x.ts',
    "import { c } from '../render/c.ts';\n\nexport const x = c;\n",
    'noRestrictedImports',
  ],
  [
    'a lazy import is no loophole',
    'src/app/x.ts',
    "export const x = () => import('../render/c.ts');\n",
    'noRestrictedImports',
  ],
  [
    'two files import each other',
    'src/app/x.ts',
    "import { y } from './y.ts';\n\nexport const x = () => y;\n",
    'noImportCycles',
  ],
];

test('a clean tree passes', () => {
  expect(lint({}).code).toBe(0);
});

test.each(VIOLATIONS)('%s', (_, file, text, rule) => {
  const { code, output } = lint({
    [file]: text,
    'src/app/y.ts':
      rule === 'noImportCycles'
        ? "import { x } from './x.ts';\n\nexport const y = () => x;\n"
        : 'export const y = 1;\n',
  });
  expect(code).not.toBe(0);
  expect(output).toContain(rule);
});

/** Lints the clean tree with some files added, by the project's own rules. */
function lint(files: Readonly<Record<string, string>>): { code: number; output: string } {
  const folder = mkdtempSync(join(tmpdir(), 'tercet-canary-'));
  try {
    cpSync(join(root, 'biome.json'), join(folder, 'biome.json'));
    for (const [path, text] of Object.entries({ ...CLEAN, ...files })) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    const biome = join(root, 'node_modules/.bin/biome');
    const done = Bun.spawnSync([biome, 'lint', '--vcs-enabled=false', 'src'], {
      cwd: folder,
      stdout: 'pipe',
      stderr: 'pipe',
    });
    return { code: done.exitCode, output: done.stdout.toString() + done.stderr.toString() };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

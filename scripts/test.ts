/**
 * Everything that must hold, in the order in which it fails fastest: types, lint, dead code, build, tests.
 * Ends with the line `N passed, N failed`; each of the first four counts as one test.
 */

import { join } from 'node:path';

const root = join(import.meta.dir, '..');
const bin = (name: string) => join(root, 'node_modules/.bin', name);

const checks: readonly [name: string, command: readonly string[]][] = [
  ['types', [bin('tsc'), '--noEmit']],
  ['lint', [bin('biome'), 'check', '--error-on-warnings', '.']],
  ['dead code', [bin('knip'), '--no-progress']],
  ['build', [process.execPath, 'scripts/build.ts']],
];

let passed = 0;
let failed = 0;

for (const [name, command] of checks) {
  const done = Bun.spawnSync([...command], { cwd: root, stdout: 'pipe', stderr: 'pipe' });
  const ok = done.exitCode === 0;
  console.log(`${ok ? '(pass)' : '(fail)'} ${name}`);
  if (!ok) console.log(done.stdout.toString() + done.stderr.toString());
  passed += ok ? 1 : 0;
  failed += ok ? 0 : 1;
}

const tests = Bun.spawn([process.execPath, 'test', '--timeout', '60000', ...process.argv.slice(2)], {
  cwd: root,
  stdin: 'ignore',
  stdout: 'inherit',
  stderr: 'pipe',
  env: { ...process.env, TERCET_BINARY: join(root, 'dist/tercet') },
});
let said = '';
const decoder = new TextDecoder();
for await (const chunk of tests.stderr) {
  process.stderr.write(chunk);
  said += decoder.decode(chunk, { stream: true });
}
const code = await tests.exited;
const count = (word: string) => Number(said.match(new RegExp(`^\\s*(\\d+) ${word}$`, 'm'))?.[1] ?? 0);
passed += count('pass');
failed += count('fail') || (code === 0 ? 0 : 1);

console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);

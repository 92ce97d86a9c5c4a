import { afterAll, expect, test } from 'bun:test';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run, runAttached, runSync } from './spawn.ts';
import { which, whichAll } from './which.ts';

const root = mkdtempSync(join(tmpdir(), 'tercet-process-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

function script(path: string, text: string, mode = 0o755): string {
  const file = join(root, path);
  mkdirSync(join(file, '..'), { recursive: true });
  writeFileSync(file, text);
  chmodSync(file, mode);
  return file;
}

const replacing = script(
  'replacing.ts',
  `import { replaceProcess } from ${JSON.stringify(join(import.meta.dir, 'replace.ts'))};
const [file, ...argv] = process.argv.slice(2);
console.log(JSON.stringify(await replaceProcess(file!, argv, { ...process.env, ADDED: 'yes', GONE: undefined })));`,
);

test('which: first executable file of the name, folders and plain files passed over', () => {
  const first = script('a/tool', '#!/bin/sh\n', 0o644);
  const second = script('b/tool', '#!/bin/sh\n');
  mkdirSync(join(root, 'c/tool'), { recursive: true });
  const env = { PATH: ['c', 'a', 'b'].map((folder) => join(root, folder)).join(':') };
  expect(which('tool', env)).toBe(second);
  expect(which('tool', env, { before: [join(root, 'b')] })).toBe(second);
  expect([...whichAll('tool', env, { before: [join(root, 'b')] })]).toEqual([second, second]);
  expect(which(first, env)).toBeUndefined();
  expect(which('./tool', env, { cwd: join(root, 'b') })).toBe(second);
  expect(which('absent', env)).toBeUndefined();
  expect(which('', env)).toBeUndefined();
  expect(which('tool', { PATH: 'b' }, { cwd: root })).toBe(second);
});

test('replaceProcess: exit code, arguments and environment are the program’s own, nothing on stderr', async () => {
  const shell = await run(process.execPath, [
    replacing,
    '/bin/sh',
    'sh',
    '-c',
    'echo "$0 $1 $ADDED"; exit 7',
    'a b',
    'c',
  ]);
  expect(shell).toEqual({ code: 7, stdout: 'a b c yes\n', stderr: '' });
});

test('replaceProcess: a signal ends the program as it would without us', async () => {
  expect((await run(process.execPath, [replacing, '/bin/sh', 'sh', '-c', 'kill -TERM $$'])).code).toBe(143);
  if (process.platform !== 'linux') return;
  const ignored = await run(process.execPath, [replacing, '/bin/sh', 'sh', '-c', 'grep SigIgn /proc/self/status']);
  expect(ignored.stdout).toBe('SigIgn:\t0000000000000000\n');
});

test('replaceProcess: what cannot be started is told by code', async () => {
  const bad = script('bad', '#!/nonexistent/interpreter\n');
  expect((await run(process.execPath, [replacing, bad, 'bad'])).stdout).toContain('"code":"ENOENT"');
  const plain = script('plain', 'echo hello\n');
  expect((await run(process.execPath, [replacing, plain, 'plain'])).stdout).toContain('"code":"ENOEXEC"');
});

test('run: output, input, timeout, absent program', async () => {
  expect(await run('/bin/sh', ['-c', 'cat; echo err >&2; exit 3'], { input: 'in' })).toEqual({
    code: 3,
    stdout: 'in',
    stderr: 'err\n',
  });
  expect(runSync('/bin/sh', ['-c', 'echo "$X"'], { env: { X: 'y' } }).stdout).toBe('y\n');
  expect((await run('/bin/sh', ['-c', 'kill -INT $$'])).code).toBe(130);
  expect((await run('/bin/sh', ['-c', 'exec sleep 20'], { timeout: 30 })).code).toBe(124);
  expect((await run(join(root, 'absent'), [])).code).toBe(127);
  expect(runSync(join(root, 'absent'), []).code).toBe(127);
  expect(await runAttached('/bin/sh', ['-c', 'exit 9'])).toBe(9);
  expect(await runAttached('/bin/sh', ['-c', 'kill -TERM $$'])).toBe(143);
});

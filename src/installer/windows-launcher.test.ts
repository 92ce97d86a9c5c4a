import { expect, test } from 'bun:test';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openZip } from '../archive/read-zip.ts';
import { writeZip } from '../archive/write-zip.ts';
import { readLaunchers } from './read-launchers.ts';
import { launcherProgram } from './windows-launcher.ts';

const folder = mkdtempSync(join(tmpdir(), 'launcher-'));
process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
const wheel = join(folder, 'pip-23.2.1-py3-none-any.whl');
const launcher = (name: string) => ({
  path: `pip/_vendor/distlib/${name}.exe`,
  executable: false,
  contents: Buffer.from(`MZ ${name}`),
});
writeZip(wheel, ['t64', 'w64', 't64-arm', 'w64-arm', 't32'].map(launcher), { time: 315_532_800 });

test.each([
  ['win-amd64', 'MZ t64', 'MZ w64'],
  ['win-arm64', 'MZ t64-arm', 'MZ w64-arm'],
  ['win32', undefined, undefined],
  ['linux-x86_64', undefined, undefined],
])('the launchers of %s', (name, console, window) => {
  const found = readLaunchers({
    bundledWheels: ['setuptools-65-py3-none-any.whl', wheel],
    platform: { name } as never,
  });
  expect(found && Buffer.from(found.console).toString()).toBe(console);
  expect(found && Buffer.from(found.window).toString()).toBe(window);
});

test('no pip, a pip that cannot be read', () => {
  const platform = { name: 'win-amd64' } as never;
  expect(readLaunchers({ bundledWheels: [], platform })).toBeUndefined();
  expect(readLaunchers({ bundledWheels: [join(folder, 'pip-1-none.whl')], platform })).toBeUndefined();
});

test.each([
  [false, 'C:\\env\\python.exe', 'console#!C:\\env\\python.exe\n'],
  [true, 'C:\\my env\\python.exe', 'window#!"C:\\my env\\python.exe"\n'],
])('the launcher, the interpreter, the script in a zip', async (gui, python, start) => {
  const launchers = { console: Buffer.from('console'), window: Buffer.from('window') };
  const program = launcherProgram(launchers, { text: 'print("ä")\n', gui }, python);
  expect(program.subarray(0, start.length).toString()).toBe(start);
  const zip = join(folder, `${gui}.zip`);
  await Bun.write(zip, program.subarray(start.length));
  using archive = openZip(zip, 'zip');
  const [main] = archive.entries;
  expect(archive.entries.map(({ path }) => path)).toEqual(['__main__.py']);
  expect(main && Buffer.from(archive.read(main)).toString()).toBe('print("ä")\n');
});

import { expect, test } from 'bun:test';
import { readLock } from '../lock/poetry-lock.ts';
import { readManifest } from '../manifest/read.ts';
import { depthsOf } from './install-project.ts';

function entry(name: string, more = ''): string {
  return `[[package]]\nname = "${name}"\nversion = "1"\ndescription = ""\noptional = false\npython-versions = "*"\ngroups = ["main"]\nfiles = []\n${more}\n`;
}

test('depth is the longest way from the project', () => {
  const lock = readLock(`${entry('a', '[package.dependencies]\nb = "*"\nc = {version = "*", extras = ["fast"]}\n')}
${entry('b', '[package.dependencies]\nc = "*"\na = "*"\n')}
${entry('c', '[package.dependencies]\nd = {version = "*", optional = true, markers = "extra == \\"fast\\""}\ne = {version = "*", optional = true, markers = "extra == \\"slow\\""}\n\n[package.extras]\nfast = ["d"]\nslow = ["e"]\n')}
${entry('d')}${entry('e')}
[metadata]\nlock-version = "2.1"\npython-versions = "*"\ncontent-hash = ""\n`);
  const manifest = readManifest('[project]\nname = "demo"\nversion = "1"\ndependencies = ["a", "e"]\n');
  expect(Object.fromEntries(depthsOf(lock, manifest))).toEqual({ a: 0, b: 1, c: 2, d: 3, e: 0 });
});

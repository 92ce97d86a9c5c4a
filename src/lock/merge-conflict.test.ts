import { expect, test } from 'bun:test';
import { conflictSides, readMergedLock } from './merge-conflict.ts';

const packageText = (name: string, version: string) =>
  `[[package]]\nname = "${name}"\nversion = "${version}"\ndescription = ""\noptional = false\npython-versions = "*"\nfiles = []\n\n`;
const metadata = (hash: string) =>
  `[metadata]\nlock-version = "2.1"\npython-versions = "*"\ncontent-hash = "${hash}"\n`;

const CONFLICTED = `# a comment
${packageText('a', '1.0')}<<<<<<< HEAD
${packageText('b', '1.0')}||||||| base
${packageText('b', '0.9')}=======
${packageText('b', '2.0')}${packageText('c', '1.0')}>>>>>>> topic
[metadata]
lock-version = "2.1"
python-versions = "*"
<<<<<<< HEAD
content-hash = "one"
=======
content-hash = "two"
>>>>>>> topic
`;

test('both sides of a merge', () => {
  const begin = `# a comment\n${packageText('a', '1.0')}`;
  expect(conflictSides(CONFLICTED)).toEqual([
    `${begin}${packageText('b', '1.0')}${metadata('one')}`,
    `${begin}${packageText('b', '2.0')}${packageText('c', '1.0')}${metadata('two')}`,
  ]);
  expect(conflictSides(metadata('one'))).toBeUndefined();
});

test('packages of both sides, each once, and no content hash', () => {
  const { lock, isConflicted } = readMergedLock(CONFLICTED);
  expect(isConflicted).toBe(true);
  expect(lock.contentHash).toBeUndefined();
  expect(lock.packages.map(({ name, version }) => `${name} ${version.text}`)).toEqual([
    'a 1.0',
    'b 1.0',
    'b 2.0',
    'c 1.0',
  ]);
});

test('line ends of Windows, one side that is no lock, and no side that is one', () => {
  expect(readMergedLock(CONFLICTED.replaceAll('\n', '\r\n')).lock.packages.length).toBe(4);
  const broken = CONFLICTED.replace('content-hash = "two"', 'content-hash = ');
  expect(readMergedLock(broken).lock.packages.length).toBe(2);
  expect(() => readMergedLock(CONFLICTED.replace('[metadata]', '[nothing]'))).toThrow('Unable to read the lock file');
  expect(readMergedLock(metadata('one'))).toMatchObject({ isConflicted: false, lock: { contentHash: 'one' } });
});

import { expect, test } from 'bun:test';
import { extraName, groupName } from '../names/name.ts';
import { readLock } from './poetry-lock.ts';
import { selectPackages } from './select.ts';

const entry = (name: string, groups: string, markers = '') =>
  `[[package]]\nname = "${name}"\nversion = "1"\ndescription = ""\noptional = false\npython-versions = "*"\ngroups = ${groups}\n${markers === '' ? '' : `markers = ${markers}\n`}files = []\n\n`;
const lock = readLock(
  entry('always', '["main"]') +
    entry('linux', '["main"]', '"sys_platform == \\"linux\\""') +
    entry('windows', '["main"]', '"sys_platform == \\"win32\\""') +
    entry('extra', '["main"]', '"extra == \\"x\\""') +
    entry('both', '["main", "dev"]', '{main = "sys_platform == \\"win32\\""}') +
    entry('never', '["main", "dev"]', '{dev = "<empty>", main = "<empty>"}') +
    entry('docs', '["docs"]') +
    '[metadata]\nlock-version = "2.1"\npython-versions = "*"\ncontent-hash = "00"\n',
);

test.each([
  [['main'], [], ['always', 'linux']],
  [['main'], ['x'], ['always', 'linux', 'extra']],
  [['main'], ['other'], ['always', 'linux']],
  [['main', 'dev'], [], ['always', 'linux', 'both']],
  [['dev'], [], ['both']],
  [['docs'], ['x'], ['docs']],
  [[], [], []],
])('groups %j with extras %j', (groups, extras, expected) => {
  const wanted = { groups: groups.map(groupName), extras: extras.map(extraName) };
  const selected = selectPackages(lock, wanted, { sys_platform: 'linux', python_version: '3.11' });
  expect(selected.map(({ name }) => name as string)).toEqual(expected);
});

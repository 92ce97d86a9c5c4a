import { expect, test } from 'bun:test';
import { openSealed, sealRecord } from './signed-record.ts';

const sealed = sealRecord('a key of the team', 'v1/metadata/ab/abc', '["alpha","1.0"]\n');

test('who has the key reads what was sealed, under the name that it was sealed for', () => {
  expect(openSealed('a key of the team', 'v1/metadata/ab/abc', sealed)).toBe('["alpha","1.0"]\n');
});

test.each([
  ['another key', 'another key', 'v1/metadata/ab/abc', sealed],
  ['another name', 'a key of the team', 'v1/metadata/ab/abd', sealed],
  ['another text', 'a key of the team', 'v1/metadata/ab/abc', sealed.replace('1.0', '1.1')],
  ['a line more', 'a key of the team', 'v1/metadata/ab/abc', `${sealed}\n`],
  ['no signature', 'a key of the team', 'v1/metadata/ab/abc', '["alpha","1.0"]\n'],
  ['only a signature', 'a key of the team', 'v1/metadata/ab/abc', sealed.slice(0, 64)],
  ['nothing', 'a key of the team', 'v1/metadata/ab/abc', ''],
  ['letters of two bytes', 'a key of the team', 'v1/metadata/ab/abc', 'ä'.repeat(100)],
])('%s: not read', (_, secret, name, text) => {
  expect(openSealed(secret, name, text)).toBeUndefined();
});

import { expect, test } from 'bun:test';
import { netrcEntry, parseNetrc } from './netrc.ts';

const text = `
# a comment
machine index.example login ada password #s3cret account ignored
machine OTHER.example
  user bob
  password "two words"
macdef init
machine trap.example login no password no

machine third.example login c\\ d password e
default login anyone password nothing
`;

test.each([
  ['index.example', 'ada', '#s3cret'],
  ['INDEX.example', 'ada', '#s3cret'],
  ['other.example', 'bob', 'two words'],
  ['third.example', 'c d', 'e'],
  ['trap.example', 'anyone', 'nothing'],
])('%s is entered as %s', (host, login, password) => {
  expect(netrcEntry(parseNetrc(text), host)).toMatchObject({ login, password });
});

test('a host without an entry has no login', () => {
  expect(netrcEntry(parseNetrc('machine a.example login x password y'), 'b.example')).toBeUndefined();
});

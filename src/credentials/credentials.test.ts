import { expect, test } from 'bun:test';
import { createCredentials } from './credentials.ts';

const settings: Record<string, string> = {
  'http-basic outer username': 'o',
  'http-basic outer password': 'op',
  'http-basic inner username': 'i',
  'http-basic inner password': 'ip',
  'http-basic tokenless username': 't',
};
const find = createCredentials({
  lookup: (path) => settings[path.join(' ')],
  repositories: [
    { name: 'outer', url: 'https://a.example/repo/' },
    { name: 'inner', url: 'https://a.example/repo/inner/simple/' },
    { name: 'written', url: 'https://w%40x:p%2Fw@w.example/simple/' },
    { name: 'tokenless', url: 'https://k.example/simple/' },
  ],
  netrc: () => 'machine n.example login net password rc',
  keyring: async (service, username) =>
    service === 'poetry-repository-tokenless' && username === 't' ? { username: 't', password: 'ring' } : undefined,
});

test.each([
  ['https://a.example/repo/x/', { username: 'o', password: 'op' }],
  ['https://a.example/repo/inner/simple/x/', { username: 'i', password: 'ip' }],
  ['https://a.example/files/x.whl', { username: 'o', password: 'op' }],
  ['http://a.example/repo/x/', undefined],
  ['https://b.example/repo/x/', undefined],
  ['https://a.example:8443/repo/x/', undefined],
  ['https://w.example/files/x.whl', { username: 'w@x', password: 'p/w' }],
  ['https://n.example/', { username: 'net', password: 'rc' }],
])('%s', async (url, expected) => {
  expect(await find(new URL(url), false)).toEqual(expected);
});

test('the keyring is asked after a refusal only', async () => {
  const url = new URL('https://k.example/simple/x/');
  expect(await find(url, false)).toEqual({ username: 't', password: '' });
  expect(await find(url, true)).toEqual({ username: 't', password: 'ring' });
});

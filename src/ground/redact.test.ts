import { expect, test } from 'bun:test';
import fc from 'fast-check';
import { redact, withoutCredentials } from './redact.ts';

test.each([
  ['https://user:secret@index.example/simple/', 'https://index.example/simple/'],
  ['https://user@index.example/simple/', 'https://index.example/simple/'],
  ['https://user:se@cret@index.example/simple/', 'https://index.example/simple/'],
  ['https://user:se/cret@index.example/simple/', 'https://index.example/simple/'],
  ['https://index.example:8443/a@b/', 'https://index.example:8443/a@b/'],
  ['https://index.example/f.whl?X-Amz-Signature=abc&v=1', 'https://index.example/f.whl?X-Amz-Signature=***&v=1'],
  ['git+https://token@git.example/a/b.git', 'git+https://git.example/a/b.git'],
  ['no address', 'no address'],
  ['', ''],
])('%p is shown as %p', (url, shown) => {
  expect(withoutCredentials(url)).toBe(shown);
});

test('addresses in running text lose their credentials, and escape sequences are gone', () => {
  expect(redact('see "https://u:p@a.example/x" and\n(ftp://q@b.example): \u001b[31mred\u0007')).toBe(
    'see "https://a.example/x" and\n(ftp://b.example): [31mred',
  );
});

test('whatever the password, it is not in the text', () => {
  const password = fc.stringMatching(/^[A-Z0-9!$&*+,;=.~-]{6,20}$/);
  fc.assert(
    fc.property(password, (secret) => {
      const shown = redact(`failed: https://u:${secret}@index.example/simple/a/ (again)`);
      expect(shown).toBe('failed: https://index.example/simple/a/ (again)');
    }),
  );
});

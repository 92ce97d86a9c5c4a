import { describe, expect, test } from 'bun:test';
import { TercetError } from '../ground/error.ts';
import { parseWish, type WishTable } from './parse-wish.ts';

const rows: readonly (readonly [string, string | undefined, WishTable])[] = [
  ['six', 'six', {}],
  ['Django', 'Django', {}],
  ['six@latest', 'six', {}],
  ['six@ Latest', 'six', {}],
  ['six==1.16.0', 'six', { version: '1.16.0' }],
  ['six=1.16.0', 'six', { version: '1.16.0' }],
  ['six@1.16.0', 'six', { version: '1.16.0' }],
  ['six:1.16.0', 'six', { version: '1.16.0' }],
  ['six 1.16.0', 'six', { version: '1.16.0' }],
  ['six@^1', 'six', { version: '^1' }],
  ['six:^1', 'six', { version: '^1' }],
  ['six=^1', 'six', { version: '^1' }],
  ['six@~1.2', 'six', { version: '~1.2' }],
  ['six@>=1,<2', 'six', { version: '>=1,<2' }],
  ['six^1', 'six', { version: '^1' }],
  ['six~1.2', 'six', { version: '~1.2' }],
  ['six>=1', 'six', { version: '>=1' }],
  ['six!=1', 'six', { version: '!=1' }],
  ['requests[socks]', 'requests', { extras: ['socks'] }],
  ['requests[socks,security]@^2', 'requests', { version: '^2', extras: ['socks', 'security'] }],
  ['Tomli_W>=1', 'tomli-w', { version: '>=1' }],
  ['Tomli_W ^1', 'Tomli_W', { version: '^1' }],
  ['requests[socks]^2', 'requests', { version: '^2', extras: ['socks'] }],
  ['tomli>=1 ; python_version < "3.11"', 'tomli', { version: '>=1', markers: 'python_version < "3.11"' }],
  ['demo @ https://host.example/demo-1.0.tar.gz', 'demo', { url: 'https://host.example/demo-1.0.tar.gz' }],
  [
    'https://host.example/demo-1.0-py3-none-any.whl',
    undefined,
    { url: 'https://host.example/demo-1.0-py3-none-any.whl' },
  ],
  ['git+https://host.example/o/r.git', undefined, { git: 'https://host.example/o/r.git' }],
  ['git+https://host.example/o/r.git#dev', undefined, { git: 'https://host.example/o/r.git', rev: 'dev' }],
  [
    'git+ssh://git@host.example/o/r.git@v1#subdirectory=a',
    undefined,
    { git: 'ssh://git@host.example/o/r.git', rev: 'v1', subdirectory: 'a' },
  ],
  ['./here', undefined, { path: './here' }],
  ['./here[x]', undefined, { path: './here', extras: ['x'] }],
];

describe('parseWish', () => {
  test.each(rows)('%s', (text, name, table) => {
    expect(parseWish(text, (path) => path === './here')).toEqual({ name, table });
  });

  test.each(['', '==1', './missing', '@1'])('refuses %p', (text) => {
    expect(() => parseWish(text, () => false)).toThrow(TercetError);
  });
});

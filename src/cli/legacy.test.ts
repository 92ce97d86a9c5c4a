import { describe, expect, test } from 'bun:test';
import { modernize } from './legacy.ts';

const namespaces = new Set(['env', 'cache', 'self', 'debug']);

describe('old spellings', () => {
  test.each([
    ['install --no-dev', 'install --only main', 1],
    ['install --dev-only', 'install --only dev', 1],
    ['install --remove-untracked', 'sync', 1],
    ['install --develop x --no-root', 'install --no-root', 1],
    ['lock --no-update', 'lock', 1],
    ['lock --check', 'check --lock', 1],
    ['show --no-dev', 'show --only main', 1],
    ['update --no-dev six', 'update --only main six', 1],
    ['develop', 'install', 1],
    ['script x', 'run x', 1],
    ['self:update --preview', 'self update --preview', 0],
    ['env:use 3.11', 'env use 3.11', 0],
    ['other:thing', 'other:thing', 0],
    ['run -- install --no-dev', 'run -- install --no-dev', 0],
    ['add six', 'add six', 0],
    ['', '', 0],
  ])('%s', (line, modern, notices) => {
    const result = modernize(
      line.split(' ').filter((one) => one !== ''),
      namespaces,
    );
    expect(result.tokens.join(' ')).toBe(modern);
    expect(result.notices).toHaveLength(notices);
  });
});

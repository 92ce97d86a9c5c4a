import { describe, expect, test } from 'bun:test';
import { splitGlobalOptions, takeBundlesApart } from './global-options.ts';

describe('splitGlobalOptions', () => {
  test.each([
    ['-C dir -vvv run python -c x --version -h', 'run -- python -c x --version -h', { directory: 'dir', verbosity: 3 }],
    ['run -v -- pytest -v', 'run -- pytest -v', { verbosity: 1 }],
    ['run -h python', 'run -- python', { help: true }],
    ['-C run run run', 'run -- run', { directory: 'run' }],
    ['install -n --no-ansi', 'install', { noInteraction: true, ansi: false }],
    ['-nq install', 'install', { noInteraction: true, verbosity: -1 }],
    ['--project=x add six -P y', 'add six', { project: 'y' }],
    ['add -Gdev six --no-cache', 'add -Gdev six', { noCache: true }],
    ['lock --offline', 'lock', { offline: true }],
    ['env --verbose info', 'env info', { verbosity: 1 }],
    ['add -- -v', 'add -- -v', {}],
  ])('%s', (line, rest, expected) => {
    const { tokens, globals } = splitGlobalOptions(line.split(' '));
    expect(tokens.join(' ')).toBe(rest);
    expect(globals).toMatchObject(expected);
  });

  test('an option that needs a value', () => {
    expect(() => splitGlobalOptions(['install', '-C'])).toThrow('The "--directory" option requires a value');
  });
});

describe('takeBundlesApart', () => {
  const options = [
    { name: 'tree', short: 't', description: '' },
    { name: 'group', short: 'G', takesValue: true, description: '' },
  ];

  test.each([
    ['show -tn', 'show -t -n'],
    ['show -vtq x', 'show -v -t -q x'],
    ['show -nGdev', 'show -n -Gdev'],
    ['show -Gdevn -vv -Pn --ansi', 'show -Gdevn -vv -Pn --ansi'],
    ['show -- -tn', 'show -- -tn'],
  ])('%s', (line, expected) => {
    expect(takeBundlesApart(line.split(' '), { name: 'show', options }).join(' ')).toBe(expected);
  });

  test('what a program is run with is its own', () => {
    expect(takeBundlesApart(['run', 'tar', '-vtf'], { name: 'run', options })).toEqual(['run', 'tar', '-vtf']);
  });
});

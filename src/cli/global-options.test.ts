import { describe, expect, test } from 'bun:test';
import { splitGlobalOptions } from './global-options.ts';

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

import { describe, expect, test } from 'bun:test';
import { argumentList, flag, type Option, value, values } from './command.ts';
import { readInput } from './grammar.ts';

const options: readonly Option[] = [
  { name: 'group', short: 'G', takesValue: true, default: 'main', description: '' },
  { name: 'dev', short: 'D', description: '' },
  { name: 'editable', short: 'e', description: '' },
  { name: 'extras', short: 'E', takesValue: true, multiple: true, description: '' },
];
const add = { name: 'add', options, arguments: [{ name: 'name', multiple: true, description: '' }] };
const install = { name: 'install', options, arguments: [] };
const create = {
  name: 'create',
  options,
  arguments: [
    { name: 'path', description: '' },
    { name: 'to', required: false, description: '' },
  ],
};

describe('options', () => {
  test.each([
    [['-G', 'dev']],
    [['-Gdev']],
    [['--group', 'dev']],
    [['--group=dev']],
    [['-DeGdev']],
    [['-D', '-e', '-G', 'x', '--group', 'dev']],
  ])('%p means the group dev', (tokens) => {
    expect(value(readInput(install, tokens), 'group')).toBe('dev');
  });

  test('defaults are filled in', () => {
    const input = readInput(install, []);
    expect(value(input, 'group')).toBe('main');
    expect(flag(input, 'dev')).toBe(false);
  });

  test('may repeat, before and after arguments', () => {
    const input = readInput(add, ['-E', 'a b', 'six', '-E', 'c', 'toml', '-e']);
    expect(values(input, 'extras')).toEqual(['a b', 'c']);
    expect(argumentList(input, 'name')).toEqual(['six', 'toml']);
    expect(flag(input, 'editable')).toBe(true);
  });

  test('end at --', () => {
    expect(argumentList(readInput(add, ['--', '-e', '--dev']), 'name')).toEqual(['-e', '--dev']);
  });
});

describe('refusals in the words of Poetry', () => {
  test.each([
    [install, ['--bogus'], 'The option "--bogus" does not exist'],
    [install, ['--bogus=1'], 'The option "--bogus" does not exist'],
    [install, ['-x'], 'The option "-x" does not exist'],
    [install, ['-Dx'], 'The option "x" does not exist'],
    [install, ['--dev=1'], 'The "--dev" option does not accept a value'],
    [install, ['--group'], 'The "--group" option requires a value'],
    [install, ['--group', '--dev'], 'The "--group" option requires a value'],
    [install, ['x'], 'No arguments expected for "install" command, got "x"'],
    [create, ['a', 'b', 'c'], 'Too many arguments to "create" command, expected arguments "path" "to"'],
    [add, [], 'Not enough arguments (missing: "name")'],
  ] as const)('%#', (table, tokens, message) => {
    expect(() => readInput(table, tokens)).toThrow(message);
  });
});

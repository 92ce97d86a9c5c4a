/** Expected texts are what `pprint.pformat` of Python 3.11 gives. */

import { expect, test } from 'bun:test';
import { type PythonValue, pformat } from './_pformat.ts';

test.each<[PythonValue, string]>([
  [[], '[]'],
  [['a', "it's", 'say "it\'s"', 'back\\slash'], `['a', "it's", 'say "it\\'s"', 'back\\\\slash']`],
  [{ b: ['x'], a: 'y' }, "{'a': 'y', 'b': ['x']}"],
  [
    ['tab\t', 'line\n', 'ü', '\u200b', '\u{1f600}', '\u0007'],
    "['tab\\t', 'line\\n', 'ü', '\\u200b', '\u{1f600}', '\\x07']",
  ],
  [['a'.repeat(50), 'b'.repeat(50)], `['${'a'.repeat(50)}',\n '${'b'.repeat(50)}']`],
  [
    { '': ['*'], key: ['one '.repeat(12), 'two '.repeat(12)] },
    `{'': ['*'],\n 'key': ['${'one '.repeat(12)}',\n         '${'two '.repeat(12)}']}`,
  ],
  [['word '.repeat(20)], `['${'word '.repeat(15)}'\n '${'word '.repeat(5)}']`],
])('%p', (value, text) => {
  expect(pformat(value)).toBe(text);
});

import { expect, test } from 'bun:test';
import { splitWords } from './task-words.ts';

const VARIABLES: Readonly<Record<string, string>> = { A: 'v w', EMPTY: '' };
const words = (text: string) => splitWords(text, (name) => VARIABLES[name]);

test.each<[string, string[]]>([
  ['', []],
  ['a  b\tc\nd', ['a', 'b', 'c', 'd']],
  ['a # b\nc', ['a', 'c']],
  ['a#b', ['a#b']],
  [`'a b'"c d"e`, ['a bc de']],
  [`'' ""`, ['', '']],
  [`'a $A \\' b`, ['a $A \\', 'b']],
  [`"\\"\\\\\\$A\\n"`, ['"\\$A\\n']],
  ['a\\ b \\\n c', ['a b', 'c']],
  [`$A-\${A} "$A"`, ['v w-v w', 'v w']],
  ['$EMPTY "$EMPTY" $NONE', ['']],
  [`\${EMPTY:-x y} \${A:+yes}\${NONE:+no}`, ['x y', 'yes']],
  ['$ 1$', ['$', '1$']],
  [`'open quote`, ['open quote']],
  [`"open $A`, ['open v w']],
])('%j', (text, expected) => {
  expect(words(text).map((word) => word.text)).toEqual(expected);
});

test('a pattern is one outside of quotes', () => {
  expect(words(`*.py "*.py" a[0] '?' \\*`).map(({ isPattern }) => isPattern)).toEqual([
    true,
    false,
    true,
    false,
    false,
  ]);
});

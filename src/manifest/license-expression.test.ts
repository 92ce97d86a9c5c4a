import { expect, test } from 'bun:test';
import { licenseExpression } from './license-expression.ts';

test.each([
  ['mit', 'MIT'],
  ['mit and (apache-2.0 or bsd-2-clause)', 'MIT AND (Apache-2.0 OR BSD-2-Clause)'],
  ['GPL-2.0-or-later with classpath-exception-2.0', 'GPL-2.0-or-later WITH Classpath-exception-2.0'],
  ['apache-1.1+', 'Apache-1.1+'],
  ['licenseref-My.Own', 'LicenseRef-My.Own'],
  ['((mit))', '((MIT))'],
  ['', undefined],
  ['(mit', undefined],
  ['mit)', undefined],
  ['mit mit', undefined],
  ['mit or', undefined],
  ['or mit', undefined],
  ['()', undefined],
  ['Use-it-after-midnight', undefined],
  ['mit with nothing', undefined],
  ['(mit) with classpath-exception-2.0', undefined],
  ['LicenseRef-a_b', undefined],
])('%j is %j', (text, expected) => {
  expect(licenseExpression(text)).toBe(expected as string);
});

test('a hostile nesting ends', () => {
  expect(licenseExpression('('.repeat(100_000))).toBeUndefined();
});

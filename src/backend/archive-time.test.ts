import { expect, test } from 'bun:test';
import { archiveTime } from './archive-time.ts';

test.each<[string | undefined, number, number, string]>([
  [undefined, 0, 1451606400, ''],
  ['', 0, 1451606400, 'wheel'],
  ['1700000000', 1700000000, 1700000000, ''],
  [' 42 ', 42, 1451606400, 'wheel'],
  ['1_700_000_000', 1700000000, 1700000000, ''],
  ['-5', 0, 1451606400, 'sdist wheel'],
  ['today', 0, 1451606400, 'sdist wheel'],
  ['99999999999', 99999999999, 1451606400, 'wheel'],
])('SOURCE_DATE_EPOCH=%p', (written, sdist, wheel, warned) => {
  const warnings: string[] = [];
  const timeOf = (format: 'sdist' | 'wheel') =>
    archiveTime(format, { SOURCE_DATE_EPOCH: written }, () => warnings.push(format));
  expect([timeOf('sdist'), timeOf('wheel')]).toEqual([sdist, wheel]);
  expect(warnings.join(' ')).toBe(warned);
});

/** Severity by the CVSS specification's own examples, and intervals of versions. */

import { expect, test } from 'bun:test';
import { projectName } from '../names/name.ts';
import { parseVersion } from '../versions/version.ts';
import { affects, cvss3, readAdvisory } from './osv.ts';

test.each([
  ['CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H', 10],
  ['CVSS:3.0/AV:N/AC:L/PR:L/UI:N/S:U/C:H/I:H/A:H', 8.8],
  ['CVSS:3.1/AV:N/AC:L/PR:N/UI:R/S:C/C:L/I:L/A:N', 6.1],
  ['CVSS:3.1/AV:L/AC:H/PR:H/UI:R/S:U/C:N/I:N/A:N', 0],
  ['CVSS:4.0/AV:N', undefined],
])('%s', (vector, score) => expect(cvss3(vector)).toBe(score as number));

test('intervals: open ends, the last one that is affected, several', () => {
  const of = (...events: object[]) =>
    readAdvisory({
      id: 'X',
      affected: [{ package: { ecosystem: 'PyPI', name: 'a' }, ranges: [{ type: 'ECOSYSTEM', events }] }],
    });
  const hits = (advisory: ReturnType<typeof of>, version: string) =>
    advisory === undefined ? undefined : affects(advisory, projectName('A'), parseVersion(version))?.fixed;
  const open = of({ introduced: '1.0' });
  expect([hits(open, '0.9'), hits(open, '1.0'), hits(open, '9')]).toEqual([undefined, [], []]);
  const last = of({ introduced: '0' }, { last_affected: '2' });
  expect([hits(last, '2.0'), hits(last, '2.0.post1')]).toEqual([[], undefined]);
  const two = of({ introduced: '1' }, { fixed: '1.5' }, { introduced: '2' }, { fixed: '2.1' });
  expect([hits(two, '1.4'), hits(two, '1.5'), hits(two, '2.0')]).toEqual([['1.5', '2.1'], undefined, ['2.1']]);
  expect(hits(two, '1.5rc1')).toEqual(['1.5', '2.1']);
});

test('what is no advisory', () => {
  for (const value of [
    undefined,
    1,
    [],
    {},
    { id: 'x' },
    { id: 'x', affected: [{}] },
    { id: 'x', affected: [{ package: { name: 'a' } }] },
  ]) {
    expect(readAdvisory(value)).toBeUndefined();
  }
});

import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { fileCount, type LaneWheel, splitIntoLanes } from './lanes.ts';

function wheel(plain: readonly string[], scripts: readonly string[] = []): LaneWheel {
  const named = scripts.map((name) => ({ name, module: 'm', attribute: 'f', isGui: false }) as never);
  return { purelib: true, plain, placed: [], scripts: named, info: [] };
}

const same = <T>(item: T): T => item;

describe('lanes', () => {
  test('namespace packages stay together, in their order', () => {
    const a = wheel(['google/a.py']);
    const b = wheel(['six.py']);
    const c = wheel(['google/c.py']);
    const lanes = splitIntoLanes([a, b, c], same, 2);
    expect(lanes).toEqual([[a, c], [b]]);
  });

  test('so do wheels with a script of the same name', () => {
    const a = wheel(['a.py'], ['tool']);
    const b = wheel(['b.py'], ['tool']);
    expect(splitIntoLanes([a, b], same, 2)).toEqual([[a, b]]);
  });

  test('every wheel is in one lane, no top-level name in two', () => {
    const name = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f');
    const drawn = fc.array(fc.array(fc.tuple(name, name), { minLength: 1, maxLength: 4 }), { maxLength: 12 });
    fc.assert(
      fc.property(drawn, fc.integer({ min: 1, max: 4 }), (contents, count) => {
        const wheels = contents.map((paths) => wheel(paths.map(([folder, file]) => `${folder}/${file}.py`)));
        const lanes = splitIntoLanes(wheels, same, count);
        expect(lanes.length).toBeLessThanOrEqual(count);
        expect(lanes.flat().length).toBe(wheels.length);
        expect(new Set(lanes.flat())).toEqual(new Set(wheels));
        const tops = lanes.map((lane) => new Set(lane.flatMap(({ plain }) => plain.map((path) => path[0]))));
        for (const [at, one] of tops.entries()) {
          for (const other of tops.slice(at + 1)) expect(one.isDisjointFrom(other)).toBe(true);
        }
        expect(lanes.flat().reduce((sum, one) => sum + fileCount(one), 0)).toBe(
          wheels.reduce((sum, one) => sum + fileCount(one), 0),
        );
      }),
    );
  });
});

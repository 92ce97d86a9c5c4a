import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { bundlesOf, fileCount, type LaneWheel } from './lanes.ts';

function wheel(plain: readonly string[], scripts: readonly string[] = []): LaneWheel {
  const named = scripts.map((name) => ({ name, module: 'm', attribute: 'f', isGui: false }) as never);
  const tops = [...new Set(plain.map((path) => path.replace(/\/.*/, '')))];
  return { tops, count: plain.length, wholes: [], loose: plain, placed: [], scripts: named, info: [] };
}

const same = <T>(item: T): T => item;

describe('bundles', () => {
  test('namespace packages stay together, in their order', () => {
    const a = wheel(['google/a.py']);
    const b = wheel(['six.py']);
    const c = wheel(['google/c.py']);
    expect(bundlesOf([a, b, c], same)).toEqual([[a, c], [b]]);
  });

  test('so do wheels with a script of the same name', () => {
    const a = wheel(['a.py'], ['tool']);
    const b = wheel(['b.py'], ['tool']);
    expect(bundlesOf([a, b], same)).toEqual([[a, b]]);
  });

  test('the heaviest comes first', () => {
    const light = wheel(['a.py']);
    const heavy = wheel(['b.py', 'b/c.py']);
    expect(bundlesOf([light, heavy], same)).toEqual([[heavy], [light]]);
  });

  test('every wheel is in one bundle, no top-level name in two', () => {
    const name = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f');
    const drawn = fc.array(fc.array(fc.tuple(name, name), { minLength: 1, maxLength: 4 }), { maxLength: 12 });
    fc.assert(
      fc.property(drawn, (contents) => {
        const wheels = contents.map((paths) => wheel(paths.map(([folder, file]) => `${folder}/${file}.py`)));
        const bundles = bundlesOf(wheels, same);
        expect(bundles.flat().length).toBe(wheels.length);
        expect(new Set(bundles.flat())).toEqual(new Set(wheels));
        const tops = bundles.map((bundle) => new Set(bundle.flatMap((one) => one.tops)));
        for (const [at, one] of tops.entries()) {
          for (const other of tops.slice(at + 1)) expect(one.isDisjointFrom(other)).toBe(true);
        }
        for (const bundle of bundles) {
          expect(bundle).toEqual(wheels.filter((one) => bundle.includes(one)));
          expect(bundle.every((one) => fileCount(one) > 0)).toBe(true);
        }
      }),
    );
  });
});

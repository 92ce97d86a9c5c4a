import { expect, test } from 'bun:test';
import type { Marker } from './_node.ts';
import { unlessReentered, withoutReentry } from './_reentry.ts';
import { anyMarker, emptyMarker, parseMarker } from './marker.ts';

const a = parseMarker(`os_name == 'a'`);
const b = parseMarker(`os_name == 'b'`);

test('a question that comes up while it is worked out is abandoned, in that place only', () => {
  const asked: string[] = [];
  const operation: (markers: readonly Marker[]) => Marker = withoutReentry((markers) => {
    asked.push(markers.map(({ key }) => (key === a.key ? 'a' : 'b')).join());
    if (markers[0] === a) return unlessReentered(() => operation([b, a])) ?? emptyMarker;
    return unlessReentered(() => operation([a, b])) ?? anyMarker;
  });
  expect(operation([a, b])).toBe(anyMarker);
  expect(asked).toEqual(['a,b', 'b,a']);
});

test('the order of the markers makes another question', () => {
  const operation: (markers: readonly Marker[]) => Marker = withoutReentry((markers) =>
    markers[0] === a ? operation([b, a]) : b,
  );
  expect(operation([a, b])).toBe(b);
});

test('an abandoned question ends everything up to the one that can do without', () => {
  const operation: (markers: readonly Marker[]) => Marker = withoutReentry((markers) =>
    markers.length === 1 ? operation([a, b]) : operation([a]),
  );
  expect(() => operation([a])).toThrow('simplifies to itself');
  expect(unlessReentered(() => operation([a]))).toBeUndefined();
});

test('only what does not depend on who asked is remembered', () => {
  let runs = 0;
  const plain = withoutReentry(() => {
    runs += 1;
    return b;
  });
  plain([a, b]);
  plain([a, b]);
  expect(runs).toBe(1);

  runs = 0;
  const nested: (markers: readonly Marker[]) => Marker = withoutReentry((markers) => {
    runs += 1;
    return unlessReentered(() => nested(markers)) ?? b;
  });
  nested([a, b]);
  nested([a, b]);
  expect(runs).toBe(2);
});

test('an error of the operation passes, and the question can be asked again', () => {
  let fails = true;
  const operation = withoutReentry(() => {
    if (fails) throw new TypeError('broken');
    return a;
  });
  expect(() => unlessReentered(() => operation([a, b]))).toThrow('broken');
  fails = false;
  expect(operation([a, b])).toBe(a);
});

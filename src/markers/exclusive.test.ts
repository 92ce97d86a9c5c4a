import { expect, test } from 'bun:test';
import fc from 'fast-check';
import { excludeEachOther } from './exclusive.ts';
import { anyMarker, intersectMarkers, invertMarker, parseMarker } from './marker.ts';

test.each([
  ['sys_platform == "linux"', 'sys_platform == "win32"', true],
  ['sys_platform == "linux"', 'platform_machine == "aarch64"', false],
  ['sys_platform == "plan9"', 'platform_machine == "riscv64"', false],
  ['python_version < "3.9"', 'python_version >= "3.9"', true],
  ['extra == "a"', 'extra == "b"', false],
  ['extra == "a"', 'extra != "a"', true],
  ['(extra == "a" or extra == "b") and extra != "a"', 'extra == "b" and sys_platform == "win32"', false],
  ['platform_release >= "6"', 'platform_release < "5"', true],
  ['"x" in platform_version', 'python_version >= "3.9"', false],
  ['', 'extra == "a"', false],
  ['<empty>', 'extra == "a"', true],
])('%s and %s', (a, b, expected) => {
  expect(excludeEachOther(parseMarker(a), parseMarker(b))).toBe(expected);
});

const comparison = fc.oneof(
  fc
    .tuple(fc.constantFrom('python_version', 'python_full_version'), fc.constantFrom('<', '>=', '==', '!=', '<=', '>'))
    .chain(([name, operator]) =>
      fc.constantFrom('3.8', '3.9', '3.11', '3.13').map((value) => `${name} ${operator} "${value}"`),
    ),
  fc
    .tuple(fc.constantFrom('==', '!='), fc.constantFrom('linux', 'win32', 'darwin', 'cygwin'))
    .map(([operator, value]) => `sys_platform ${operator} "${value}"`),
  fc
    .tuple(fc.constantFrom('==', '!='), fc.constantFrom('a', 'b', 'c'))
    .map(([operator, value]) => `extra ${operator} "${value}"`),
  fc.constantFrom('platform_machine == "arm64"', 'implementation_name == "pypy"', 'os_name != "nt"'),
);
const marker = fc
  .array(fc.array(comparison, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 3 })
  .map((alternatives) => parseMarker(alternatives.map((parts) => `(${parts.join(' and ')})`).join(' or ')));

const unsimplified = fc.oneof(marker, marker.map(invertMarker), fc.constant(anyMarker));

test('an inverse is simplified beside the marker that always holds, too', () => {
  const never = invertMarker(parseMarker('sys_platform != "darwin" or "cygwin" not in sys_platform'));
  expect(excludeEachOther(never, anyMarker)).toBe(true);
});

test('it is what the simplified conjunction says', () => {
  fc.assert(
    fc.property(unsimplified, unsimplified, (a, b) => {
      expect(excludeEachOther(a, b)).toBe(intersectMarkers(a, b).kind === 'empty');
    }),
    { numRuns: 150 },
  );
});

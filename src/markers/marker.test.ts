import { beforeEach, describe, expect, test } from 'bun:test';
import { ParseError } from '../ground/error.ts';
import { parseMarkerConstraint } from '../versions/poetry-constraint.ts';
import { formatRange } from '../versions/version-range.ts';
import {
  clearMarkerCaches,
  cnf,
  dnf,
  evaluateMarker,
  excludeMarker,
  extrasOf,
  formatMarker,
  InvalidMarker,
  intersectMarkers,
  invertMarker,
  isAnyMarker,
  isEmptyMarker,
  markerFromPython,
  markerKey,
  namesExtra,
  nestedMarker,
  onlyMarkers,
  parseMarker,
  pythonConstraintOf,
  reduceByPython,
  sameMarker,
  unionMarkers,
  withoutExtras,
} from './marker.ts';
import { parseStringConstraint } from './string-constraint.ts';

beforeEach(clearMarkerCaches);

const union = (a: string, b: string) => formatMarker(unionMarkers(parseMarker(a), parseMarker(b)));
const intersection = (a: string, b: string) => formatMarker(intersectMarkers(parseMarker(a), parseMarker(b)));

describe('parse', () => {
  test.each([
    ['', ''],
    ['*', ''],
    ['<empty>', '<empty>'],
    [`os_name=='nt'`, 'os_name == "nt"'],
    [`sys.platform == "linux"`, 'sys_platform == "linux"'],
    [`python_implementation == 'CPython'`, 'platform_python_implementation == "CPython"'],
    [`sys_platform === 'linux'`, 'sys_platform === "linux"'],
    [`"linux" in sys_platform`, '"linux" in sys_platform'],
    [`sys_platform in "linux, darwin"`, 'sys_platform in "linux, darwin"'],
    [`python_full_version >= '3.8'`, 'python_full_version >= "3.8.0"'],
    [`((python_version < '3.9'))`, 'python_version < "3.9"'],
    [`python_version >= '3.8' and python_version < '3.9'`, 'python_version == "3.8"'],
    [`python_version > '3.8' and python_version < '3.9'`, '<empty>'],
    [`python_version <= '3.8' or python_version >= '3.9'`, ''],
    [`extra == 'a' and extra == 'b'`, 'extra == "a" and extra == "b"'],
    [`extra == 'a' and extra != 'a'`, '<empty>'],
    [`extra == 'a' or extra != 'a'`, ''],
    [
      `(python_version>='3.8' or sys_platform=='win32') and (python_version>='3.8' or os_name=='nt')`,
      'python_version >= "3.8" or sys_platform == "win32" and os_name == "nt"',
    ],
    [
      `(sys_platform=='a' or os_name=='b') and (sys_platform=='c' or os_name=='d')`,
      'sys_platform == "a" and os_name == "d" or os_name == "b" and sys_platform == "c"',
    ],
    [`python_version>='3.8' and python_full_version>='3.8.1'`, 'python_full_version >= "3.8.1"'],
    [
      `python_full_version < '3.8.1' and python_version >= '3.7'`,
      'python_full_version < "3.8.1" and python_version >= "3.7"',
    ],
    [`platform_release >= '6.1.0-13'`, 'platform_release >= "6.1.0-13"'],
  ])('%s', (text, expected) => {
    expect(formatMarker(parseMarker(text))).toBe(expected);
  });

  test.each([
    `bogus == 'x'`,
    'python_version',
    `os_name = 'nt'`,
    'and',
    `(os_name == 'nt'`,
    `os_name == 'nt' or`,
    `os_name == 'nt'\n`,
    ' ',
  ])('%p does not follow the grammar', (text) => {
    expect(() => parseMarker(text)).toThrow(ParseError);
    expect(() => parseMarker(text)).not.toThrow(InvalidMarker);
  });

  test.each([
    `'3.8' <= python_version`,
    `python_version === '3.8'`,
    `python_version >= 'x'`,
    `extra >= 'a'`,
    `'a' in extra`,
  ])('%p follows the grammar and means nothing', (text) => {
    expect(() => parseMarker(text)).toThrow(InvalidMarker);
  });

  test('a fault of grammar is reported before one of meaning', () => {
    expect(() => parseMarker(`'3.8' <= python_version and bogus == 'x'`)).not.toThrow(InvalidMarker);
  });
});

describe('union', () => {
  test.each([
    [
      `python_version<'3.11'`,
      `python_version>='3.11' and sys_platform=='linux'`,
      'sys_platform == "linux" or python_version < "3.11"',
    ],
    [
      `os_name=='nt' and sys_platform=='a'`,
      `os_name=='nt' and sys_platform=='b' and python_version<'3.9'`,
      'os_name == "nt" and (sys_platform == "a" or sys_platform == "b") and (sys_platform == "a" or python_version < "3.9")',
    ],
    [
      `os_name=='nt' and sys_platform=='b' and python_version<'3.9'`,
      `os_name=='nt' and sys_platform=='a'`,
      'os_name == "nt" and (sys_platform == "b" or sys_platform == "a") and (python_version < "3.9" or sys_platform == "a")',
    ],
    [`python_version=='3.11'`, `python_version=='3.9'`, 'python_version == "3.11" or python_version == "3.9"'],
    [`python_version<='3.9'`, `python_version>'3.10'`, 'python_version <= "3.9" or python_version > "3.10"'],
    [`python_version=='3.8'`, `python_version=='3.9'`, 'python_version >= "3.8" and python_version < "3.10"'],
    [
      `sys_platform!='win32' and sys_platform!='cygwin'`,
      `sys_platform=='linux' or sys_platform=='cygwin'`,
      'sys_platform != "win32"',
    ],
    [
      `platform_machine=='x86_64' and sys_platform=='linux' or sys_platform=='darwin'`,
      `sys_platform=='linux' and python_version<'3.12'`,
      'platform_machine == "x86_64" and sys_platform == "linux" or sys_platform == "darwin" or sys_platform == "linux" and python_version < "3.12"',
    ],
    [
      `sys_platform=='linux' and python_version<'3.12'`,
      `platform_machine=='x86_64' and sys_platform=='linux' or sys_platform=='darwin'`,
      '(sys_platform == "linux" or sys_platform == "darwin") and (python_version < "3.12" or platform_machine == "x86_64" or sys_platform == "darwin")',
    ],
    [
      `(sys_platform=='linux' or sys_platform=='darwin') and python_version<'3.10'`,
      `python_version>='3.10' and sys_platform=='linux'`,
      '(sys_platform == "linux" or sys_platform == "darwin") and python_version < "3.10" or sys_platform == "linux"',
    ],
    [`os_name=='nt'`, '<empty>', 'os_name == "nt"'],
    [`os_name=='nt'`, '', ''],
  ])('%s or %s', (a, b, expected) => {
    expect(union(a, b)).toBe(expected);
  });
});

describe('intersection', () => {
  test.each([
    [`python_version>='3.8'`, `python_version<'4'`, 'python_version >= "3.8" and python_version < "4"'],
    [`sys_platform=='linux'`, `sys_platform=='win32'`, '<empty>'],
    [`sys_platform=='linux'`, `sys_platform!='win32'`, 'sys_platform == "linux"'],
    [`"linux" in sys_platform`, `sys_platform=='linux'`, 'sys_platform == "linux"'],
    [`sys_platform!='a'`, `sys_platform!='b'`, 'sys_platform != "a" and sys_platform != "b"'],
    // One comparison and a compound: the compound comes first whichever way they are given.
    [
      `os_name=='nt'`,
      `sys_platform=='a' and python_version<'3.9'`,
      'sys_platform == "a" and python_version < "3.9" and os_name == "nt"',
    ],
  ])('%s and %s', (a, b, expected) => {
    expect(intersection(a, b)).toBe(expected);
  });
});

describe('what Poetry counts out for many seconds', () => {
  test('intersection', () => {
    expect(
      intersection(
        `implementation_name != 'pypy' or ((python_version < '3.10' or sys_platform == 'darwin') or python_version >= '3.12')`,
        `(platform_machine == 'x86_64' or extra == 'test-x') and ((extra == 'Test_X') or os_name not in 'java')`,
      ),
    ).toBe(
      '(implementation_name != "pypy" or python_version < "3.10" or sys_platform == "darwin" or python_version >= "3.12") and (platform_machine == "x86_64" or extra == "test-x") and (extra == "Test_X" or os_name not in "java")',
    );
  });
  test('union', () => {
    expect(
      union(
        `((python_version >= '3.12') or (extra == 'cli') and (platform.python_implementation != "3.8")) or os_name == 'java' and sys_platform != 'linux'`,
        `('3.8' not in sys_platform and sys_platform != 'cygwin' or (platform_release < '20.0' or ((platform_system in 'Windows Linux' and python_version >= '3.11') or python_version >= '3.10'))) and python_version == '3.9'`,
      ),
    ).toBe(
      'python_version >= "3.12" or extra == "cli" and platform_python_implementation != "3.8" or os_name == "java" and sys_platform != "linux" or "3.8" not in sys_platform and sys_platform != "cygwin" and python_version == "3.9" or platform_release < "20.0" and python_version == "3.9"',
    );
  });
});

describe('equality', () => {
  test('keeps order and is a key', () => {
    const ab = parseMarker(`os_name == 'nt' and sys_platform == 'a'`);
    const ba = parseMarker(`sys_platform == 'a' and os_name == 'nt'`);
    expect(sameMarker(ab, ba)).toBe(false);
    expect(markerKey(ab)).toBe(markerKey(parseMarker(`os_name=="nt" and (sys_platform=="a")`)));
  });

  test('twins are equal, and the one that came first is printed for both', () => {
    expect(formatMarker(parseMarker(`sys_platform in 'linux'`))).toBe('sys_platform in "linux"');
    expect(formatMarker(parseMarker(`'linux' in sys_platform`))).toBe('sys_platform in "linux"');
    clearMarkerCaches();
    expect(formatMarker(parseMarker(`'linux' in sys_platform`))).toBe('"linux" in sys_platform');
  });
});

describe('fewer variables', () => {
  test.each([
    [`extra == 'a' and os_name == 'nt'`, 'os_name == "nt"'],
    [`extra == 'a' or os_name == 'nt'`, ''],
    [`os_name == 'nt'`, 'os_name == "nt"'],
    [`extra == 'a'`, ''],
    [`extra == 'a' and os_name == 'nt' or extra == 'b' and os_name == 'nt'`, 'os_name == "nt"'],
  ])('%s without extras', (text, expected) => {
    expect(formatMarker(withoutExtras(parseMarker(text)))).toBe(expected);
  });

  test('only and exclude', () => {
    const marker = parseMarker(`python_version < '3.9' and os_name == 'nt' or sys_platform == 'linux'`);
    expect(formatMarker(onlyMarkers(marker, ['python_version', 'sys_platform']))).toBe(
      'python_version < "3.9" or sys_platform == "linux"',
    );
    expect(formatMarker(excludeMarker(marker, 'os_name'))).toBe('python_version < "3.9" or sys_platform == "linux"');
    expect(isAnyMarker(onlyMarkers(marker, ['extra']))).toBe(true);
  });
});

describe('invert', () => {
  test.each([
    [`os_name == 'nt'`, 'os_name != "nt"'],
    [`os_name == 'nt' and sys_platform == 'a'`, 'os_name != "nt" or sys_platform != "a"'],
    [`python_version ~= '3.8'`, 'python_version < "3.8" or python_version >= "4.0"'],
    [`'x' in sys_platform`, '"x" not in sys_platform'],
    [`sys_platform == 'a' or sys_platform == 'b'`, 'sys_platform != "a" and sys_platform != "b"'],
    ['', '<empty>'],
    ['<empty>', ''],
  ])('%s', (text, expected) => {
    expect(formatMarker(invertMarker(parseMarker(text)))).toBe(expected);
  });
});

describe('Python', () => {
  test.each([
    [`python_version > '3.8'`, '>=3.9'],
    [`python_version <= '3.9'`, '<3.10'],
    [`python_version == '3.8'`, '>=3.8,<3.9'],
    [`python_version in '3.8, 3.10'`, '>=3.8,<3.9 || >=3.10,<3.11'],
    [`python_version >= '3.8' and os_name == 'nt' or sys_platform == 'a'`, '*'],
    [`python_version < '3.9' and os_name == 'nt' or python_version >= '3.10'`, '<3.9 || >=3.10'],
    [`os_name == 'nt'`, '*'],
    ['<empty>', '<empty>'],
  ])('%s holds for %s', (text, expected) => {
    expect(formatRange(pythonConstraintOf(parseMarker(text)))).toBe(expected);
  });

  test.each([
    ['>=3.8,<3.11', 'python_version >= "3.8" and python_version < "3.11"'],
    ['>3.8', 'python_full_version > "3.8.0"'],
    ['<=3.10', 'python_full_version <= "3.10.0"'],
    ['3.9.2', 'python_full_version == "3.9.2"'],
    ['>=3.8.1', 'python_full_version >= "3.8.1"'],
    ['<3.8 || >=3.10', '(python_version < "3.8") or (python_version >= "3.10")'],
    ['*', ''],
  ])('%s as a marker', (text, expected) => {
    expect(nestedMarker('python_version', parseMarkerConstraint(text))).toBe(expected);
  });

  test('strings as a marker', () => {
    expect(nestedMarker('sys_platform', parseStringConstraint('a || b'))).toBe(
      'sys_platform == "a" or sys_platform == "b"',
    );
    expect(nestedMarker('sys_platform', parseStringConstraint('!=a,!=b'))).toBe(
      'sys_platform != "a" and sys_platform != "b"',
    );
    expect(() => nestedMarker('sys_platform', parseStringConstraint('a,b'))).toThrow(ParseError);
  });

  test.each([
    [`python_version >= '3.9' and python_version < '3.11'`, '>=3.9', 'python_version < "3.11"'],
    [`python_version == '3.9' or python_version == '3.10'`, '>=3.9', 'python_version < "3.11"'],
    [`python_version < '3.11'`, '>=3.10,<3.12', 'python_version == "3.10"'],
    [`python_version <= '3.9'`, '>=3.9', 'python_version == "3.9"'],
    [`python_version > '3.9'`, '>=3.9.1', 'python_version > "3.9"'],
    [`python_version >= '3.10'`, '^3.9 || >3.11', 'python_version >= "3.10"'],
    [`python_version >= '3.9' or os_name == 'nt'`, '>=3.9', ''],
    [`python_version < '3.9'`, '>=3.9', '<empty>'],
  ])('%s for a project on %s', (text, python, expected) => {
    expect(formatMarker(reduceByPython(parseMarker(text), parseMarkerConstraint(python)))).toBe(expected);
  });

  test('a range and its marker allow the same', () => {
    for (const text of ['>=3.8,<3.11', '>=3.8', '<3.8 || >=3.10', '>=3.9.1']) {
      const range = parseMarkerConstraint(text);
      expect(formatRange(pythonConstraintOf(markerFromPython(range)))).toBe(formatRange(range));
    }
  });
});

describe('extras', () => {
  test.each([
    [`extra == 'Test_X'`, ['test-x']],
    [`extra == 'a' and os_name == 'nt' or extra == 'b'`, ['a', 'b']],
    [`extra == 'a' or extra == 'b'`, ['a', 'b']],
    [`extra != 'a'`, []],
    [`os_name == 'nt'`, []],
  ])('%s names %p', (text, expected) => {
    expect(extrasOf(parseMarker(text)).map(String)).toEqual(expected);
    expect(namesExtra(parseMarker(text))).toBe(text.includes('extra'));
  });
});

describe('evaluate', () => {
  const linux = {
    python_version: '3.10',
    python_full_version: '3.10.4',
    sys_platform: 'linux',
    platform_release: '6.1.0-13-amd64',
  };
  test.each([
    [`python_version >= '3.9'`, true],
    [`python_version in '3.9, 3.10'`, true],
    [`python_full_version < '3.10.4'`, false],
    [`'lin' in sys_platform`, true],
    [`platform_release >= '6'`, true],
    [`os_name == 'nt'`, true],
    [`extra == 'Test_X'`, true],
    [`extra == 'other'`, false],
    [`extra != 'other' and extra == 'test.x'`, true],
    ['<empty>', false],
    ['', true],
  ])('%s is %p', (text, expected) => {
    expect(evaluateMarker(parseMarker(text), { ...linux, extra: ['test-x'] })).toBe(expected);
  });
});

test('normal forms', () => {
  const marker = parseMarker(`(sys_platform=='a' or os_name=='b') and python_version < '3.9'`);
  expect(formatMarker(dnf(marker))).toBe(
    'sys_platform == "a" and python_version < "3.9" or os_name == "b" and python_version < "3.9"',
  );
  expect(formatMarker(cnf(dnf(marker)))).toBe('(sys_platform == "a" or os_name == "b") and python_version < "3.9"');
  expect(isEmptyMarker(cnf(parseMarker('<empty>')))).toBe(true);
});

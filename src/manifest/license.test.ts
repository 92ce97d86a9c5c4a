/** Licences that metadata state, and lists of those that are wanted. */

import { expect, test } from 'bun:test';
import { refusedLicense } from './license-policy.ts';
import { statedLicense } from './stated-license.ts';

const of = (classifiers: readonly string[], license?: string) =>
  statedLicense({
    licenseClassifiers: classifiers.map((one) => `License :: ${one}`),
    ...(license === undefined ? {} : { license }),
  });

test('what metadata state', () => {
  expect(statedLicense({ licenseExpression: 'mit and apache-2.0', licenseClassifiers: [] })).toBe('MIT AND Apache-2.0');
  expect(of(['OSI Approved :: MIT License'])).toBe('MIT');
  expect(of(['OSI Approved'], 'BSD-3-Clause')).toBe('BSD-3-Clause');
  expect(of(['OSI Approved :: BSD License'], 'Copyright (c) X\nall sorts of things')).toBe('BSD License');
  expect(of(['OSI Approved :: MIT License', 'OSI Approved :: Apache Software License'])).toBe('Apache-2.0 AND MIT');
  expect(of([], 'Permission is hereby granted, free of charge, to any person\nobtaining')).toBe('MIT');
  expect(of([], 'see LICENSE')).toBe('see LICENSE');
  expect(of([])).toBeUndefined();
});

test.each([
  ['MIT', ['MIT'], [], true],
  ['GPL-3.0-only', ['MIT'], [], false],
  ['MIT OR GPL-3.0-only', ['MIT'], [], true],
  ['MIT AND GPL-3.0-only', ['MIT'], [], false],
  ['MIT AND (GPL-3.0-only OR BSD-2-Clause)', ['MIT', 'BSD-*'], [], true],
  ['GPL-2.0-only WITH Classpath-exception-2.0', [], ['GPL-*'], false],
  ['GPL-3.0-only OR MIT', [], ['GPL-*'], true],
  ['BSD License', ['BSD*'], [], true],
  [undefined, [], ['GPL-*'], true],
  [undefined, ['MIT'], [], false],
] as const)('%p allow %p deny %p', (license, allow, deny, wanted) => {
  expect(refusedLicense(license, { allow, deny }) === undefined).toBe(wanted);
});

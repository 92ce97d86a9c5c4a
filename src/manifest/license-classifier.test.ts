import { expect, test } from 'bun:test';
import { namedLicense } from './license-classifier.ts';

test.each([
  ['mit', 'MIT', 'License :: OSI Approved :: MIT License'],
  ['MIT License', 'MIT', 'License :: OSI Approved :: MIT License'],
  ['GPL-2.0+', 'GPL-2.0+', 'License :: OSI Approved :: GNU General Public License v2 or later (GPLv2+)'],
  [
    'GNU General Public License v2.0 only',
    'GPL-2.0-only',
    'License :: OSI Approved :: GNU General Public License v2 (GPLv2)',
  ],
  ['Unlicense', 'Unlicense', 'License :: OSI Approved'],
  ['CC0-1.0', 'CC0-1.0', 'License :: CC0 1.0 Universal (CC0 1.0) Public Domain Dedication'],
  ['wtfpl', 'WTFPL', 'License :: Other/Proprietary License'],
  ['proprietary', 'Proprietary', 'License :: Other/Proprietary License'],
  ['MIT OR Apache-2.0', 'MIT OR Apache-2.0', 'License :: Other/Proprietary License'],
])('%p', (text, id, classifier) => expect(namedLicense(text)).toEqual({ id, classifier }));

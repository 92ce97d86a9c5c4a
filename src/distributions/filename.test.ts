/** File names of wheels, good and bad. */

import { describe, expect, test } from 'bun:test';
import { parseWheelFilename } from './filename.ts';

describe('parseWheelFilename', () => {
  test('all parts', () => {
    const wheel = parseWheelFilename('Zope_Interface-5.4.0-2fix-py2.py3-none-any.whl');
    expect(wheel).toMatchObject({
      project: 'zope-interface',
      distribution: 'Zope_Interface',
      build: [2, 'fix'],
      tags: ['py2-none-any', 'py3-none-any'],
    });
    expect(wheel?.version.text).toBe('5.4.0');
  });

  test.each([
    ['foo-1.0-py3-none-any.whl', 'foo', '1.0', undefined],
    ['foo-bar-1.0-py3-none-any.whl', 'foo-bar', '1.0', undefined],
    ['foo-1.0-2-py3-none-any.whl', 'foo', '1.0', 2],
    ['foo-2-1.0-3-py3-none-any.whl', 'foo-2', '1.0', 3],
    ['torch-2.1.0+cu118-cp311-cp311-linux_x86_64.whl', 'torch', '2.1.0+cu118', undefined],
    ['a-1!2.0rc1-cp39-abi3-win_amd64.whl', 'a', '1!2.0rc1', undefined],
  ] as const)('%p', (file, project, version, build) => {
    const wheel = parseWheelFilename(file);
    expect([wheel?.project as string, wheel?.version.text, wheel?.build?.[0]]).toEqual([project, version, build]);
  });

  test.each([
    'foo-1.0.tar.gz',
    'foo-1.0.whl',
    'foo-py3-none-any.whl',
    '-1.0-py3-none-any.whl',
    'foo-1.0-py3--any.whl',
    'foo-1.0-py3-none-.whl',
    'foo-1.0_x-py3-none-any.whl',
    'foo-bar-py3-none-any.whl',
    '.whl',
    '',
  ])('%p is no wheel', (file) => {
    expect(parseWheelFilename(file)).toBeUndefined();
  });

  test('wheels with the same tags share them', () => {
    expect(parseWheelFilename('a-1-py3-none-any.whl')?.tags).toBe(parseWheelFilename('b-2-py3-none-any.whl')?.tags);
  });
});

/** File names of wheels and source distributions, good and bad. */

import { describe, expect, test } from 'bun:test';
import { projectName } from '../names/name.ts';
import { parseSdistFilename, parseWheelFilename } from './filename.ts';

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

describe('parseSdistFilename', () => {
  test.each([
    ['foo-1.0.tar.gz', 'foo', '1.0'],
    ['foo-1.0.zip', 'foo', '1.0'],
    ['foo-1.0.tar', 'foo', '1.0'],
    ['foo-1.0.tar.bz2', 'foo', '1.0'],
    ['foo-1.0.tar.xz', 'foo', '1.0'],
    ['foo-1.0.tar.Z', 'foo', '1.0'],
    ['foo-1.0.sdist.tar.gz', 'foo', '1.0'],
    ['Foo.Bar_baz-1.0a1.tar.gz', 'foo-bar-baz', '1.0a1'],
    ['foo-2-1.0.tar.gz', 'foo-2', '1.0'],
    ['foo-1.0-beta1.tar.gz', 'foo', '1.0b1'],
    ['python-dateutil-2.8.2.tar.gz', 'python-dateutil', '2.8.2'],
  ])('%p of %p is %p', (file, project, version) => {
    expect(parseSdistFilename(file, projectName(project))?.version.text).toBe(version);
  });

  test.each([
    ['foo-1.0.tar.gz', 'bar'],
    ['foo-1.0-1.tar.gz', 'foo'],
    ['foo-1.0.egg', 'foo'],
    ['foo-1.0.win32.exe', 'foo'],
    ['foo-1.0-py3-none-any.whl', 'foo'],
    ['foo-1.0_x.tar.gz', 'foo'],
    ['foo.tar.gz', 'foo'],
    ['-1.0.tar.gz', ''],
    ['1.0.tar.gz', ''],
    ['', 'foo'],
  ])('%p is no source distribution of %p', (file, project) => {
    expect(parseSdistFilename(file, projectName(project))).toBeUndefined();
  });
});

import { expect, test } from 'bun:test';
import { projectName } from '../names/name.ts';
import { versionsOf } from './listed-version.ts';

test.each([
  ['demo', 'demo-1.0-py3-none-any.whl', '1.0'],
  ['demo', 'demo-1.0-2-py3-none-any.whl', '1.0'],
  ['demo', 'demo-1.0.post1-1abc-cp311-cp311-manylinux_2_17_x86_64.manylinux2014_x86_64.whl', '1.0.post1'],
  ['my-demo', 'My_Demo-1.0+cpu-py3-none-any.whl', '1.0+cpu'],
  ['my-demo', 'my-demo-1.0.tar.gz', '1.0'],
  ['my-demo', 'my.demo-1.0.sdist.zip', '1.0'],
  ['demo', 'demo-1.0-beta1.tar.gz', '1.0-beta1'],
  ['demo', 'demo-1.0.tar.bz2', '1.0'],
  ['demo', 'demo-1.0.tar.Z', '1.0'],
  ['demo', 'demo-1.0.tar', '1.0'],
  ['demo-2', 'demo-2-3.0.tar.gz', '3.0'],
  ['demo', 'demo-1.0.egg', undefined],
  ['demo', 'demo-1.0.win32.exe', undefined],
  ['demo', 'demo-1.0.tgz', undefined],
  ['demo', 'other-1.0.tar.gz', undefined],
  ['demo', 'demo-plugin-1.0.tar.gz', undefined],
  ['demo', 'demo.tar.gz', undefined],
  ['demo', '-1.0.tar.gz', undefined],
])('%s: %s', (project, file, version) => {
  expect(versionsOf(projectName(project))(file)).toBe(version);
});

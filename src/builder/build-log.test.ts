import { expect, test } from 'bun:test';
import { withoutFrames } from './build-log.ts';

const TRACE = ['Traceback (most recent call last):', '  File "hook.py", line 65, in main', '    call()'];

test('where a program that the backend called has failed, what it said is not pushed out of sight by frames', () => {
  const said = 'error: failed to get `anyhow` as a dependency';
  const last = "subprocess.CalledProcessError: Command '['python', 'setup.py']' returned non-zero exit status 1.";
  expect(withoutFrames([said, ...TRACE, last])).toEqual([said, last]);
});

test('any other trace stays: it is what the build has to say', () => {
  const lines = ['running build', ...TRACE, 'ModuleNotFoundError: No module named `yes`'];
  expect(withoutFrames(lines)).toEqual(lines);
  expect(withoutFrames([])).toEqual([]);
});

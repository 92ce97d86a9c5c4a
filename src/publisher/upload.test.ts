/** How servers say that a file is there already. */

import { expect, test } from 'bun:test';
import { saysExists } from './upload.ts';

test.each<[number, string, string, boolean]>([
  [409, 'Conflict', '', true],
  [400, 'File already exists. See the documentation.', '', true],
  [400, 'Bad Request', 'Repository does not allow updating assets: release', true],
  [400, 'Bad Request', 'the asset cannot be updated', true],
  [400, 'Bad Request', '{"message":"Validation failed: File name has already been taken"}', true],
  [403, 'Forbidden', 'Not enough permissions to overwrite artifact', true],
  [403, 'Forbidden', 'already exists', false],
  [400, 'Bad Request', 'Invalid classifier', false],
  [500, 'Internal Server Error', 'already exists', false],
])('%d %s %s', (status, reason, text, expected) => {
  expect(saysExists({ status, reason, text })).toBe(expected);
});

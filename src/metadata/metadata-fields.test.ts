/** Expected fields are what Poetry 2.5.1 sends. */

import { expect, test } from 'bun:test';
import { metadataFields } from './metadata-fields.ts';

test('names, lists, and the body as description', () => {
  const text = `Metadata-Version: 2.1
Name: demo
Version: 1
Summary: one
Home-page: https://example.com
Keywords: a,b , c
License: first line
         second line
Classifier: A :: B
Classifier: C
Platform: any
Project-URL: Docs,https://example.com/docs
Requires-Dist: six (>=1) ; extra == "x"
Provides-Extra: x
License-File: LICENSE
Unknown: left out
Author: one
Author: two

# Title

Text
`;
  expect(metadataFields(text)).toEqual([
    ['metadata_version', '2.1'],
    ['name', 'demo'],
    ['version', '1'],
    ['summary', 'one'],
    ['keywords', 'a, b, c'],
    ['home_page', 'https://example.com'],
    ['license', 'first line\n         second line'],
    ['classifiers', 'A :: B'],
    ['classifiers', 'C'],
    ['platform', 'any'],
    ['license_file', 'LICENSE'],
    ['project_urls', 'Docs, https://example.com/docs'],
    ['provides_extra', 'x'],
    ['requires_dist', 'six (>=1) ; extra == "x"'],
    ['description', '# Title\n\nText\n'],
  ]);
});

test('no body is no description', () => {
  expect(metadataFields('Name: demo\n')).toEqual([['name', 'demo']]);
  expect(metadataFields('Name: demo\n\n')).toEqual([['name', 'demo']]);
});

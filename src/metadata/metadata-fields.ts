/**
 * All fields of core metadata under the names that the upload API has for them.
 * (PyPI's documentation, "Upload API".)
 */

import { bodyOf, readHeaders } from './_headers.ts';

/** Fields that stand once. */
const SINGLE = [
  'Metadata-Version',
  'Name',
  'Version',
  'Summary',
  'Description-Content-Type',
  'Keywords',
  'Home-page',
  'Download-URL',
  'Author',
  'Author-email',
  'Maintainer',
  'Maintainer-email',
  'License',
  'License-Expression',
  'Requires-Python',
];

/** Fields that may be repeated, with their names in the API where these are not the same. */
const REPEATED: readonly (readonly [header: string, field?: string])[] = [
  ['Classifier', 'classifiers'],
  ['Platform'],
  ['Supported-Platform'],
  ['License-File'],
  ['Project-URL', 'project_urls'],
  ['Provides-Extra'],
  ['Requires-Dist'],
  ['Requires-External'],
  ['Provides-Dist'],
  ['Obsoletes-Dist'],
  ['Requires'],
  ['Provides'],
  ['Obsoletes'],
  ['Dynamic'],
  ['Import-Name', 'import_names'],
  ['Import-Namespace', 'import_namespaces'],
];

/** Name and value of each field; what stands once in the standard and twice in `text` is left out. */
export function metadataFields(text: string): readonly (readonly [name: string, value: string])[] {
  const headers = readHeaders(text);
  const fields: [string, string][] = [];
  for (const header of SINGLE) {
    const [value, second] = headers.get(header.toLowerCase()) ?? [];
    if (value === undefined || second !== undefined) continue;
    fields.push([fieldName(header), header === 'Keywords' ? commaSeparated(value) : value]);
  }
  for (const [header, name] of REPEATED) {
    const values = headers.get(header.toLowerCase()) ?? [];
    for (const value of values) {
      fields.push([name ?? fieldName(header), header === 'Project-URL' ? labelled(value) : value]);
    }
  }
  const description = bodyOf(text) || headers.get('description')?.[0];
  if (description) fields.push(['description', description]);
  return fields;
}

function fieldName(header: string): string {
  return header.toLowerCase().replaceAll('-', '_');
}

function commaSeparated(keywords: string): string {
  return keywords
    .split(',')
    .map((word) => word.trim())
    .join(', ');
}

/** `Label, address`, with one space. */
function labelled(url: string): string {
  const comma = url.indexOf(',');
  return comma < 0 ? `${url.trim()}, ` : `${url.slice(0, comma).trim()}, ${url.slice(comma + 1).trim()}`;
}

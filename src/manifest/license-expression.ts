/** Licence expressions (PEP 639, SPDX): `MIT AND (Apache-2.0 OR BSD-2-Clause)`. */

import { licenseExceptions, licenses } from './_spdx-licenses.ts';

const OPERATORS = new Set(['and', 'or']);

/** The expression in its normal form; undefined where it is none, or names a licence that SPDX does not list. */
export function licenseExpression(text: string): string | undefined {
  const tokens = text.replaceAll('(', ' ( ').replaceAll(')', ' ) ').split(/\s+/).filter(Boolean);
  const normal: string[] = [];
  let open = 0;
  let expectsLicense = true;
  for (let index = 0; index < tokens.length; index++) {
    const token = tokens[index] ?? '';
    const lower = token.toLowerCase();
    if (token === '(' && expectsLicense) {
      open++;
      normal.push(token);
    } else if (token === ')' && !expectsLicense && open > 0) {
      open--;
      normal.push(token);
    } else if (OPERATORS.has(lower) && !expectsLicense) {
      expectsLicense = true;
      normal.push(lower.toUpperCase());
    } else if (lower === 'with' && !expectsLicense && normal.at(-1) !== ')' && normal.at(-2) !== 'WITH') {
      const exception = licenseExceptions.get((tokens[++index] ?? '').toLowerCase());
      if (exception === undefined) return undefined;
      normal.push('WITH', exception);
    } else if (expectsLicense) {
      const license = licenseOf(token);
      if (license === undefined) return undefined;
      expectsLicense = false;
      normal.push(license);
    } else {
      return undefined;
    }
  }
  if (expectsLicense || open > 0) return undefined;
  return normal.join(' ').replaceAll('( ', '(').replaceAll(' )', ')');
}

function licenseOf(token: string): string | undefined {
  const reference = /^licenseref-([A-Za-z0-9.-]+)$/i.exec(token)?.[1];
  if (reference !== undefined) return `LicenseRef-${reference}`;
  const orLater = token.endsWith('+');
  const id = licenses.get((orLater ? token.slice(0, -1) : token).toLowerCase());
  return id === undefined ? undefined : id + (orLater ? '+' : '');
}

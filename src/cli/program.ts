/** Which program this is: called as `poetry` it says it is Poetry 2.5.1, since scripts look for that; else it is tercet. */

import { version } from '../../package.json' with { type: 'json' };

/** The Poetry whose behaviour this is. */
export const POETRY_VERSION = '2.5.1';

/** The version of tercet itself. */
export const TERCET_VERSION: string = version;

/** `Poetry (version 2.5.1)` or `tercet (version X.Y.Z)`, by the name in `argv0`. */
export function versionLine(argv0: string): string {
  return isPoetry(argv0) ? `Poetry (version ${POETRY_VERSION})` : `tercet (version ${TERCET_VERSION})`;
}

function isPoetry(argv0: string): boolean {
  return /(^|[/\\])poetry(\.exe)?$/i.test(argv0);
}

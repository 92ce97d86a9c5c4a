/**
 * Events as JSON, one object a line, for programs: `--json`. What each object holds is in docs/json.schema.json. Lines that a person would
 * read come too, as `line`, `notice` and `warning`; what they say is also in `data`, where a command has any.
 */

import { ParseError, TercetError } from '../ground/error.ts';
import type { Event } from '../ground/events.ts';

/** One line without its line feed; undefined for what is said at a higher verbosity only, or too often. */
export function jsonLine(event: Event, verbosity: number): string | undefined {
  if (verbosity < 0) return undefined;
  switch (event.kind) {
    case 'line':
    case 'notice':
    case 'warning':
      if ('level' in event && (event.level ?? 0) > verbosity) return undefined;
      return JSON.stringify({ kind: event.kind, text: event.text });
    case 'resolve-progressed':
    case 'download-progressed':
      return undefined;
    default:
      return JSON.stringify(event);
  }
}

/** The last line of a command that came to its end. */
export function jsonResult(exitCode: number): string {
  return JSON.stringify({ kind: 'result', exitCode });
}

/** The last line of a command that an error has ended. */
export function jsonError(error: unknown): string {
  if (error instanceof TercetError) {
    const { code, message, hints, exitCode, detail } = error;
    return JSON.stringify({ kind: 'error', code, message, hints, detail, exitCode });
  }
  const message = error instanceof Error ? error.message : String(error);
  const code = error instanceof ParseError ? 'unreadable' : 'bug';
  return JSON.stringify({ kind: 'error', code, message, hints: [], detail: {}, exitCode: 1 });
}

/** The few colours used, under the names Poetry gives them. Colour never carries a meaning alone. */

import { type Descriptor, isTerminal } from '../process/terminal.ts';

export type Style =
  | 'info'
  | 'comment'
  | 'c1'
  | 'bold'
  | 'error'
  | 'warning'
  | 'success'
  | 'faint'
  | 'foreign'
  | 'magenta'
  | 'source';

const CODES: Readonly<Record<Style, readonly [number | string, number | string]>> = {
  info: [34, 39],
  comment: [32, 39],
  c1: [36, 39],
  bold: ['39;1', '39;22'],
  error: [31, 39],
  warning: [33, 39],
  success: [32, 39],
  faint: [2, 22],
  foreign: ['30;1', '39;22'],
  magenta: [35, 39],
  source: ['33;1', '39;22'],
};

/** Writes `text` in a style. */
export type Paint = (style: Style, text: string) => string;

/** The painter of a terminal. */
export const colours: Paint = (style, text) => {
  const [on, off] = CODES[style];
  return text === '' ? '' : `\u001b[${on}m${text}\u001b[${off}m`;
};

/** The painter of everything that is no terminal. */
export const noColours: Paint = (_style, text) => text;

/**
 * Whether a stream takes colours: as told by `--ansi` and `--no-ansi`, else by `NO_COLOR` and `FORCE_COLOR`, else where it is a
 * terminal that is not `dumb`.
 */
export function takesColours(
  descriptor: Descriptor,
  env: Readonly<Record<string, string | undefined>>,
  told: boolean | undefined,
): boolean {
  if (told !== undefined) return told;
  if (env.NO_COLOR) return false;
  if (env.FORCE_COLOR) return true;
  return env.TERM !== 'dumb' && isTerminal(descriptor);
}

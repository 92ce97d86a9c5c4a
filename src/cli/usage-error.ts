/** A command line that does not follow its command's table. Printed as Poetry prints it; exit code 1. */

import { TercetError } from '../ground/error.ts';

export type UsageProblem =
  | 'unknown-option'
  | 'value-missing'
  | 'value-unexpected'
  | 'too-many-arguments'
  | 'too-few-arguments';

/** The error for `problem`; `detail.problem` tells the kinds apart. */
export function usageError(problem: UsageProblem, message: string, hint?: string): TercetError {
  return new TercetError('usage', message, { detail: { problem }, hints: hint === undefined ? [] : [hint] });
}

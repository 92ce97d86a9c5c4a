/** Wheels that contradict themselves, or what is said of them elsewhere. */

import { TercetError } from '../ground/error.ts';

/** The error for a wheel that must not be installed. */
export function invalidWheel(file: string, why: string): TercetError {
  return new TercetError('wheel-invalid', `${file} is refused: ${why}`, {
    hints: ['Nothing was installed from it. Report the file to the project that publishes it.'],
    detail: { file },
  });
}

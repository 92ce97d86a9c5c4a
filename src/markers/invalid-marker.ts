/** The error for markers that follow the grammar and still mean nothing. */

import { ParseError } from '../ground/error.ts';

/** A marker that parses but is semantically invalid, such as `python_version === "3.8"`. */
export class InvalidMarker extends ParseError {
  constructor(message: string, source: string) {
    super(message, source);
    this.name = 'InvalidMarker';
  }
}

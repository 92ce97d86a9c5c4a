/**
 * A look at what a `Requires-Dist` line asks for, for those who guess what will be wanted next. No marker is made for it: in which
 * order markers are made shows in a lock (docs/resolver.md, "Twins"), and guesses are made in the order in which answers arrive.
 */

import { ParseError } from '../ground/error.ts';
import { type KnownEnvironments, mayHoldAsWritten, readAsWritten } from '../markers/as-written.ts';
import { parseRequirement } from './pep508.ts';
import type { Requirement } from './requirement.ts';

/** The requirement without its marker; undefined where that holds in none of the environments, or the line is not understood. */
export function glimpse(line: string, environments: KnownEnvironments): Requirement | undefined {
  const semicolon = line.indexOf(';');
  try {
    if (semicolon < 0) return parseRequirement(line);
    const marker = readAsWritten(line.slice(semicolon + 1).trim());
    return mayHoldAsWritten(marker, environments) ? parseRequirement(line.slice(0, semicolon)) : undefined;
  } catch (error) {
    if (error instanceof ParseError) return undefined;
    throw error;
  }
}

/** What a distribution says of itself, as text: kept in the cache like this, and understood only when it is needed. */

import { ParseError } from '../ground/error.ts';
import { parseCoreMetadata } from '../metadata/core-metadata.ts';

/**
 * Raised whenever a change makes the same file read differently (here, in the sources it is read from, or in how it is kept): what the cache
 * holds from before is not used then.
 */
export const METADATA_READING = 3;

export interface RawMetadata {
  /** As published. */
  readonly name: string;
  readonly version: string;
  readonly summary: string;
  /** Verbatim; empty where there is none. */
  readonly requiresPython: string;
  /** `Requires-Dist` values in order; undefined where the distribution leaves them to its build. */
  readonly requiresDist: readonly string[] | undefined;
}

/**
 * A wheel's `METADATA`: what it does not list, it does not need. Undefined where it cannot be read.
 *
 * @param from an index that serves them (or parts of the wheel), or the file at hand: Poetry reads the two with different libraries
 */
export function wheelRawMetadata(text: string, from: 'served' | 'at-hand'): RawMetadata | undefined {
  try {
    const { name, version, summary, requiresPython, requiresDist } = parseCoreMetadata(text, {
      atHand: from === 'at-hand',
    });
    return { name, version, summary, requiresPython: requiresPython ?? '', requiresDist };
  } catch (error) {
    if (error instanceof ParseError) return undefined;
    throw error;
  }
}

/** A source distribution's `PKG-INFO`: an empty list means something from version 2.2 on, if it is not dynamic (PEP 643). */
export function sdistRawMetadata(text: string): RawMetadata | undefined {
  try {
    const { name, version, summary, requiresPython, requiresDist, metadataVersion, dynamic } = parseCoreMetadata(text, {
      atHand: true,
    });
    const settled = requiresDist.length > 0 || (isFrom22(metadataVersion) && !dynamic.includes('Requires-Dist'));
    return {
      name,
      version,
      summary,
      requiresPython: requiresPython ?? '',
      requiresDist: settled ? requiresDist : undefined,
    };
  } catch (error) {
    if (error instanceof ParseError) return undefined;
    throw error;
  }
}

function isFrom22(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major > 2 || (major === 2 && minor >= 2);
}

/** The form kept on disk. */
export function packMetadata({ name, version, summary, requiresPython, requiresDist }: RawMetadata): string {
  return JSON.stringify([name, version, summary, requiresPython, requiresDist ?? null]);
}

/** Reads the form back; undefined where it is damaged. */
export function unpackMetadata(text: string): RawMetadata | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!Array.isArray(value) || value.length !== 5) return undefined;
  const [name, version, summary, requiresPython, requiresDist] = value as readonly unknown[];
  if (![name, version, summary, requiresPython].every((part) => typeof part === 'string')) return undefined;
  if (
    requiresDist !== null &&
    !(Array.isArray(requiresDist) && requiresDist.every((part) => typeof part === 'string'))
  ) {
    return undefined;
  }
  return {
    name: name as string,
    version: version as string,
    summary: summary as string,
    requiresPython: requiresPython as string,
    requiresDist: (requiresDist ?? undefined) as readonly string[] | undefined,
  };
}

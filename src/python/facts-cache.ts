/** Facts of interpreters on disk: one JSON file each, valid for one state of the executable on one system. */

import { readFileSync, statSync } from 'node:fs';
import { release } from 'node:os';
import { dirname, join } from 'node:path';
import { atomicWrite } from '../files/atomic-write.ts';
import { sha256 } from '../files/sha256.ts';
import type { InterpreterFacts } from './facts.ts';

export interface FactsCache {
  /** The facts kept for the executable `identity`, if it is unchanged since. */
  readonly read: (identity: string) => InterpreterFacts | undefined;
  /** Keeps facts; a cache that cannot be written is no failure. */
  readonly write: (identity: string, facts: InterpreterFacts) => void;
}

/** The cache in tercet's cache folder `cacheDir`; without one it keeps nothing. */
export function factsCache(cacheDir: string | null | undefined): FactsCache {
  if (cacheDir === null || cacheDir === undefined) return { read: () => undefined, write: () => {} };
  const folder = join(cacheDir, BUCKET);
  return {
    read(identity) {
      const state = stateOf(identity);
      if (state === undefined) return undefined;
      try {
        const kept: unknown = JSON.parse(readFileSync(fileOf(folder, identity), 'utf8'));
        return isKept(kept) && kept.state === state ? kept.facts : undefined;
      } catch {
        return undefined;
      }
    },
    write(identity, facts) {
      const state = stateOf(identity);
      if (state === undefined) return;
      try {
        atomicWrite(fileOf(folder, identity), JSON.stringify({ state, facts }), { parents: true, durable: false });
      } catch {
        // What is not kept is asked for again.
      }
    },
  };
}

/** Raised whenever the facts' shape or the script changes. */
const BUCKET = 'interpreters-v1';

interface Kept {
  readonly state: string;
  readonly facts: InterpreterFacts;
}

function isKept(value: unknown): value is Kept {
  return typeof value === 'object' && value !== null && 'state' in value && 'facts' in value;
}

function fileOf(folder: string, identity: string): string {
  return join(folder, `${sha256(identity).slice(0, 32)}.json`);
}

/**
 * What must stay the same: the executable and what it loads beside it (size, time of change), the kernel and the
 * system's release. Undefined when there is no such file.
 */
function stateOf(identity: string): string | undefined {
  const stat = statSync(identity, { throwIfNoEntry: false });
  if (stat === undefined) return undefined;
  const system = statSync('/etc/os-release', { throwIfNoEntry: false });
  const library = statSync(join(dirname(dirname(identity)), 'lib'), { throwIfNoEntry: false });
  const times = [stat.size, stat.mtimeMs, system?.size, system?.mtimeMs, library?.mtimeMs];
  return `${identity}|${times.join('|')}|${release()}`;
}

/** Reads what deployment files are written from and judged by. */

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ProjectFacts } from '../deployment/project-facts.ts';
import { sha256 } from '../files/sha256.ts';
import { isFresh } from '../lock/freshness.ts';
import type { Context } from './context.ts';
import { readLockFile } from './lock-file.ts';

/** The project of the context with those of `paths` that are there. Throws as `context.project` and `readLock`. */
export async function readProjectFacts(context: Context, paths: Iterable<string>): Promise<ProjectFacts> {
  const { manifest, directory, lockPath } = await context.project();
  const lock = await readLockFile(lockPath);
  const files = new Map<string, string>();
  for (const path of paths) {
    const text = await textOf(join(directory, path));
    if (text !== undefined) files.set(path, text);
  }
  const lockState = lock === undefined ? 'missing' : isFresh(lock, manifest.toml, sha256) ? 'fresh' : 'stale';
  return { manifest, lock, lockState, files };
}

async function textOf(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch {
    return undefined;
  }
}

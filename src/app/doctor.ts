/** `doctor`: reads the project's own deployment files and says what will break. */

import { type Dirent, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { HEROKU_FILES } from '../deployment/check-heroku.ts';
import { deploymentKind, diagnose } from '../deployment/doctor.ts';
import type { Finding } from '../deployment/finding.ts';
import type { Context } from './context.ts';
import { readProjectFacts } from './project-facts.ts';

export interface Diagnosis {
  /** The deployment files that were read, sorted. */
  readonly read: readonly string[];
  readonly findings: readonly Finding[];
}

/** Folders that hold no deployment files of the project. */
const SKIPPED = new Set(['.git', '.venv', 'venv', 'node_modules', '__pycache__', 'dist', 'build', '.tox']);
/** A deployment file is near the project's root. */
const DEPTH = 5;

/** Reads what is there; changes nothing. */
export async function doctor(context: Context): Promise<Diagnosis> {
  const { directory } = await context.project();
  const paths = [...walk(directory, '', DEPTH)].sort();
  const read = paths.filter((path) => deploymentKind(path) !== undefined);
  const facts = await readProjectFacts(context, new Set([...read, '.dockerignore', ...HEROKU_FILES]));
  return { read, findings: diagnose(facts) };
}

function* walk(root: string, folder: string, depth: number): Generator<string> {
  let entries: Dirent[];
  try {
    entries = readdirSync(join(root, folder), { withFileTypes: true });
  } catch {
    return;
  }
  for (const entry of entries) {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
    if (entry.isFile()) yield path;
    else if (entry.isDirectory() && depth > 1 && !SKIPPED.has(entry.name)) yield* walk(root, path, depth - 1);
  }
}

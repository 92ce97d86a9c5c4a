/**
 * One change of an environment (install, replace or remove one distribution) that happens in full or not at all, whatever
 * stops it: an error, a full disk, `kill -9`.
 *
 * A step writes down what it is about to do before it does it, in `.tercet-journal/` in site-packages. Files that go
 * are moved there, not deleted. What comes last is the one rename that puts the new dist-info folder in its place:
 * before it the step can be undone, after it only tidying is left. A process that was stopped leaves its journal, and
 * `healEnvironment` of the next one undoes or tidies.
 */

import {
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { uniqueSuffix } from '../files/atomic-write.ts';
import { removeEmptyFolder, removeFile, removeTree } from '../files/remove.ts';

/** What a step will do. Paths are absolute. */
export interface StepPlan {
  /** The distribution, for messages: `six (1.16.0)`. */
  readonly label: string;
  /** Files and folders that go, `distInfo` among them. Those that are not there are passed over. */
  readonly removes: readonly string[];
  /** Folders that do not exist yet, each after the one it is in. */
  readonly folders: readonly string[];
  /** Files that will be made. */
  readonly creates: readonly string[];
  /** The dist-info folder that ends the step; undefined for a removal. */
  readonly distInfo: string | undefined;
}

/** The journal's folder in site-packages. */
export const JOURNAL = '.tercet-journal';

/**
 * Carries a step out. `work` makes the files of `creates` (the folders exist by then, what they replace is gone) and the
 * dist-info's files in the folder `staged`. When it throws, all is as before, and the error is thrown on.
 */
export function runStep(sitePackages: string, plan: StepPlan, work: (staged: string) => void): void {
  const step = stepFiles(sitePackages, `${process.pid}-${uniqueSuffix()}`);
  let moved = false;
  try {
    makeStaging(step.staged);
    writeFileSync(step.plan, JSON.stringify(plan));
    plan.removes.forEach((path, index) => {
      if (!moved && !isThere(path)) return;
      if (!moved) mkdirSync(step.old);
      moved = true;
      moveIfThere(path, join(step.old, `${index}`));
    });
    for (const made of plan.folders) makeFolder(made);
    work(step.staged);
    if (plan.distInfo === undefined) rmdirSync(step.staged);
    else renameSync(step.staged, plan.distInfo);
  } catch (error) {
    settle(step);
    removeEmptyFolder(dirname(step.staged));
    throw error;
  }
  // The plan goes first: without one there is nothing to undo.
  unlinkSync(step.plan);
  if (moved) removeTree(step.old);
  removeEmptyFolder(dirname(step.staged));
}

/**
 * Undoes or tidies what stopped processes left in an environment; call it with the environment's lock held. Returns the
 * labels of the steps that were undone. Costs one system call where there is nothing to do.
 */
export function healEnvironment(sitePackages: string): string[] {
  const journal = join(sitePackages, JOURNAL);
  let names: string[];
  try {
    names = readdirSync(journal);
  } catch {
    return [];
  }
  const undone: string[] = [];
  for (const id of [...new Set(names.map((name) => name.slice(0, name.indexOf('.'))))].sort()) {
    const label = settle(stepFiles(sitePackages, id));
    if (label !== undefined) undone.push(label);
  }
  removeEmptyFolder(journal);
  return undone;
}

/** True where no stopped process left anything to heal: one system call. */
export function isHealthy(sitePackages: string): boolean {
  return !existsSync(join(sitePackages, JOURNAL));
}

/** The files of one step in the journal. */
interface StepFiles {
  /** Written before anything is done; one that cannot be read was being written. */
  readonly plan: string;
  /** What was moved out of the way. */
  readonly old: string;
  /** The new dist-info; it is there until the step's last rename (or removal, where there is none to put in place). */
  readonly staged: string;
  /** An empty folder in place of a step: keeps the journal while steps follow each other. */
  readonly held: string;
}

function stepFiles(sitePackages: string, id: string): StepFiles {
  const start = join(sitePackages, JOURNAL, id);
  return { plan: `${start}.json`, old: `${start}.old`, staged: `${start}.dist-info`, held: `${start}.held` };
}

/** Undoes a step that is not past its last rename, and removes its journal; its label where it was undone. */
function settle(step: StepFiles): string | undefined {
  const plan = readPlan(step);
  const committed = !existsSync(step.staged);
  if (plan !== undefined && !committed) undo(step, plan);
  // The plan goes first: while it is there, the staged folder tells a step to be undone from a finished one.
  removeFile(step.plan);
  removeTree(step.old);
  removeTree(step.staged);
  removeEmptyFolder(step.held);
  return plan === undefined || committed ? undefined : plan.label;
}

function undo({ old }: StepFiles, plan: StepPlan): void {
  for (const path of plan.creates) removeFile(path);
  for (const made of [...plan.folders].reverse()) removeEmptyFolder(made);
  plan.removes.forEach((path, index) => {
    const kept = join(old, `${index}`);
    if (!isThere(kept)) return;
    mkdirSync(dirname(path), { recursive: true });
    moveIfThere(kept, path);
  });
}

function readPlan(step: StepFiles): StepPlan | undefined {
  try {
    return JSON.parse(readFileSync(step.plan, 'utf8')) as StepPlan;
  } catch {
    return undefined;
  }
}

/**
 * Keeps the journal's folder while several steps follow each other, so that none makes and removes it anew; call what it
 * returns when they are done.
 */
export function holdJournal(sitePackages: string): () => void {
  const { held } = stepFiles(sitePackages, `${process.pid}-${uniqueSuffix()}`);
  mkdirSync(held, { recursive: true });
  return () => {
    removeEmptyFolder(held);
    removeEmptyFolder(dirname(held));
  };
}

/** The journal's folder is there already while it is held. */
function makeStaging(staged: string): void {
  try {
    mkdirSync(staged);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    mkdirSync(staged, { recursive: true });
  }
}

/** The folder may have come into being since: the journal's own is in site-packages, which may be among them. */
function makeFolder(path: string): void {
  try {
    mkdirSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}

function isThere(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}

function moveIfThere(from: string, to: string): void {
  try {
    renameSync(from, to);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return;
    if (code !== 'EXDEV') throw error;
    cpSync(from, to, { recursive: true, verbatimSymlinks: true, preserveTimestamps: true });
    rmSync(from, { recursive: true, force: true });
  }
}

/**
 * One change of an environment (install, replace or remove one distribution) that happens in full or not at all, whatever
 * stops it: an error, a full disk, `kill -9`.
 *
 * A step writes down what it is about to do before it does it, in `.tercet-journal/` in site-packages. Files that go
 * are moved there, not deleted; only then anything is made. What comes last is the one rename that puts the new dist-info folder in its place:
 * before it the step can be undone, after it only tidying is left. A process that was stopped leaves its journal, and
 * `healEnvironment` of the next one undoes or tidies.
 */

import {
  closeSync,
  cpSync,
  existsSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { uniqueSuffix } from '../files/atomic-write.ts';
import { isThere } from '../files/is-there.ts';
import { removeEmptyFolder, removeFile, removeTree } from '../files/remove.ts';

/** Files below one folder: thousands of paths are written, and kept in memory, without what they have in common. */
export interface FilesIn {
  readonly folder: string;
  readonly paths: readonly string[];
}

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
  /** More of them, by the folder that their paths begin at. Default: none. */
  readonly createsIn?: readonly FilesIn[];
  /** The dist-info folder that ends the step; undefined for a removal. */
  readonly distInfo: string | undefined;
}

/** The journal's folder in site-packages. */
export const JOURNAL = '.tercet-journal';

/**
 * Carries a step out. `work` makes the files of `creates` (the folders exist by then, what they replace is gone) and the
 * dist-info's files in the folder `staged`. When it throws, all is as before, and the error is thrown on. Without `held` the
 * journal is opened for this step only.
 */
export function runStep(
  sitePackages: string,
  plan: StepPlan,
  work: (staged: string) => void,
  held?: HeldJournal,
): void {
  const journal = held ?? holdJournal(sitePackages);
  try {
    carryOut(plan, work, journal);
  } finally {
    if (held === undefined) journal.release();
  }
}

function carryOut(plan: StepPlan, work: (staged: string) => void, journal: HeldJournal): void {
  const step = journal.begin(plan);
  const first = plan.removes.findIndex(isThere);
  try {
    if (first < 0) mkdirSync(step.staged);
    else {
      mkdirSync(step.moving);
      mkdirSync(step.old);
      plan.removes.forEach((path, index) => {
        if (index >= first) moveIfThere(path, join(step.old, `${index}`));
      });
      renameSync(step.moving, step.staged);
    }
    for (const made of plan.folders) makeFolder(made);
    work(step.staged);
    if (plan.distInfo === undefined) rmdirSync(step.staged);
    else renameSync(step.staged, plan.distInfo);
  } catch (error) {
    undo(step, plan);
    journal.forget();
    for (const path of Object.values(step)) removeTree(path);
    throw error;
  }
  if (first >= 0) removeTree(step.old);
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
    const label = settle(journal, id);
    if (label !== undefined) undone.push(label);
  }
  removeEmptyFolder(journal);
  return undone;
}

/** True where no stopped process left anything to heal: one system call. */
export function isHealthy(sitePackages: string): boolean {
  return !existsSync(join(sitePackages, JOURNAL));
}

/** A step as it is written down: `number` tells its files from those of the steps before it. */
interface WrittenPlan extends StepPlan {
  readonly number: number;
}

/** The files of one step in the journal. */
interface StepFiles {
  /** What was moved out of the way. */
  readonly old: string;
  /** A folder that becomes `staged` when all that goes has been moved, and again in its place when all that was made is removed. */
  readonly moving: string;
  /** The new dist-info; it is there until the step's last rename (or removal, where there is none to put in place). */
  readonly staged: string;
}

function planFile(journal: string, id: string): string {
  return join(journal, `${id}.json`);
}

function stepFiles(journal: string, id: string, number: number): StepFiles {
  const start = join(journal, `${id}.${number}`);
  return { old: `${start}.old`, moving: `${start}.moving`, staged: `${start}.dist-info` };
}

/** Undoes the step of a stopped process that is not past its last rename, and removes its journal; its label where it was undone. */
function settle(journal: string, id: string): string | undefined {
  const plan = readPlan(planFile(journal, id));
  const isUndone = plan !== undefined && undo(stepFiles(journal, id, plan.number), plan);
  // The plan goes first: while it is there, the other files tell a step to be undone from a finished one.
  removeFile(planFile(journal, id));
  for (const name of readdirSync(journal)) if (name.startsWith(`${id}.`)) removeTree(join(journal, name));
  return isUndone ? plan.label : undefined;
}

/** Undoes what has been done of a step; false where nothing has, or all. May be stopped and begun anew at any point. */
function undo({ old, moving, staged }: StepFiles, plan: StepPlan): boolean {
  if (existsSync(staged)) {
    for (const { folder, paths } of plan.createsIn ?? []) for (const path of paths) removeFile(`${folder}/${path}`);
    for (const path of plan.creates) removeFile(path);
    for (const made of [...plan.folders].reverse()) removeEmptyFolder(made);
    renameSync(staged, moving);
  } else if (!existsSync(moving)) return false;
  // What stands at a place of `creates` now has not been moved yet, or is back already.
  plan.removes.forEach((path, index) => {
    const kept = join(old, `${index}`);
    if (!isThere(kept)) return;
    mkdirSync(dirname(path), { recursive: true });
    moveIfThere(kept, path);
  });
  return true;
}

/**
 * The plan on the file's first line; what is left of longer ones stands behind it. One that cannot be read was being written: nothing
 * had been done.
 */
function readPlan(path: string): WrittenPlan | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8').split('\n', 1)[0] ?? '') as WrittenPlan;
  } catch {
    return undefined;
  }
}

/** One process's (or thread's) part of a journal, open while its steps follow each other: the plans of all are written into one file. */
export interface HeldJournal {
  /** Writes down what the next step will do. Nothing of it may be done before. */
  begin(plan: StepPlan): StepFiles;
  /** The step that was begun has been undone. */
  forget(): void;
  /** No more steps follow. */
  release(): void;
}

/**
 * Opens the journal. The plan of a finished step stays in the file until the next one takes its place, which does no harm: its
 * staged folder is gone, and no other step has its number, which stands at a plan's end.
 */
export function holdJournal(sitePackages: string): HeldJournal {
  const journal = join(sitePackages, JOURNAL);
  const id = `${process.pid}-${uniqueSuffix()}`;
  mkdirSync(journal, { recursive: true });
  const file = openSync(planFile(journal, id), 'wx');
  let number = 0;
  return {
    begin(plan) {
      number += 1;
      const text = Buffer.from(`${JSON.stringify({ ...plan, number } satisfies WrittenPlan)}\n`);
      try {
        for (let done = 0; done < text.length; ) done += writeSync(file, text, done, text.length - done, done);
      } catch (error) {
        ftruncateSync(file, 0);
        throw error;
      }
      return stepFiles(journal, id, number);
    },
    forget: () => ftruncateSync(file, 0),
    release() {
      closeSync(file);
      unlinkSync(planFile(journal, id));
      removeEmptyFolder(journal);
    },
  };
}

/** The folder may have come into being since: the journal's own is in site-packages, which may be among them. */
function makeFolder(path: string): void {
  try {
    mkdirSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}

function moveIfThere(from: string, to: string): void {
  try {
    renameSync(from, to);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return;
    if (code !== 'EXDEV') throw error;
    cpSync(from, to, { recursive: true, verbatimSymlinks: true, preserveTimestamps: true });
    removeTree(from);
  }
}

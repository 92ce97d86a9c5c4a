/** The thread of a lane: does its tasks in the order in which they come, and reports on each. */

import type { Inflater } from '../archive/inflate.ts';
import { createLinker } from '../files/link.ts';
import { TercetError } from '../ground/error.ts';
import { installWheel } from './install-wheel.ts';
import { holdJournals } from './journals.ts';
import type { InstallTask, LaneMessage, LaneReport, LaneTask, PlainError } from './side-lane.ts';
import { isIntact, readStored, type StoredWheel } from './stored-wheel.ts';
import { schemeFolder } from './target.ts';

declare const self: Worker;

/** Not 0: the lane is to stop. */
let stop = new Int32Array(new SharedArrayBuffer(4));
let inflater: Inflater | undefined;
let last = Promise.resolve();
/** Wheels that were looked at, by their folders. */
const known = new Map<string, StoredWheel>();

self.onmessage = ({ data }: MessageEvent<LaneMessage>) => {
  if (data.kind === 'start') stop = new Int32Array(data.stop);
  else if (data.kind === 'end') last = last.then(() => process.exit());
  else last = last.then(() => carryOut(data));
};

async function carryOut(task: LaneTask): Promise<void> {
  try {
    report({ kind: 'done', ...(await done(task)) });
  } catch (error) {
    report({ kind: 'failed', error: plain(error) });
  }
}

async function done(task: LaneTask): Promise<{ readonly intact?: readonly boolean[] }> {
  switch (task.kind) {
    case 'check':
      return {
        intact: task.wheels.map(({ folder, sha256 }) => {
          const wheel = readStored(folder, sha256);
          if (wheel === undefined || !isIntact(wheel)) return false;
          known.set(folder, wheel);
          return true;
        }),
      };
    case 'unpack': {
      const [{ unpackWheel }, { Inflater }] = await Promise.all([
        import('./_unpack-wheel.ts'),
        import('../archive/inflate.ts'),
      ]);
      inflater ??= new Inflater();
      await unpackWheel(task, inflater, refuseStopped);
      return {};
    }
    case 'install':
      install(task);
      return {};
  }
}

function install({ jobs, target, installer, linkMode }: InstallTask): void {
  const link = createLinker(linkMode);
  const journals = holdJournals([target.purelib, target.platlib]);
  let at = 0;
  try {
    for (const [job, { wheel: place, directUrl, bytecode }] of jobs.entries()) {
      if (isStopped()) return;
      at = job;
      const wheel = known.get(place.folder) ?? readStored(place.folder, place.sha256);
      if (wheel === undefined) throw new Error(`${place.sha256} vanished from the store`);
      const journal = journals.of(schemeFolder(target, 'root', wheel));
      const { overwritten } = installWheel(wheel, target, { link, installer, directUrl, bytecode, journal });
      report({ kind: 'job-done', job, overwritten });
    }
  } catch (error) {
    report({ kind: 'job-failed', job: at, error: plain(error) });
  } finally {
    journals.release();
  }
}

function isStopped(): boolean {
  return Atomics.load(stop, 0) !== 0;
}

function refuseStopped(): void {
  if (isStopped()) throw new TercetError('aborted', 'The lane was stopped');
}

function report(report: LaneReport): void {
  self.postMessage(report);
}

function plain(error: unknown): PlainError {
  const { message, code, path } = error as NodeJS.ErrnoException;
  if (!(error instanceof TercetError)) return { message, code, path, tercet: undefined };
  const { hints, detail, exitCode } = error;
  return { message, code, path, tercet: { hints, detail, exitCode } };
}

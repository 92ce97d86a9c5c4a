/** The thread of a lane: does its tasks in the order in which they come, and reports on each. */

import type { Inflater } from '../archive/inflate.ts';
import { createLinker } from '../files/link.ts';
import { TercetError } from '../ground/error.ts';
import { compileLate } from '../process/compile-late.ts';
import { installWheel } from './install-wheel.ts';
import { holdJournals } from './journals.ts';
import type {
  InstallTask,
  LaneMessage,
  LaneReport,
  LaneTask,
  Looks,
  LookTask,
  PlainError,
  WheelPlace,
} from './side-lane.ts';
import { isIntact, readStored, type StoredWheel } from './stored-wheel.ts';
import { schemeFolder } from './target.ts';
import { takeTurns } from './turns.ts';

declare const self: Worker;

compileLate();

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

async function done(task: LaneTask): Promise<{ readonly looks?: Looks }> {
  switch (task.kind) {
    case 'check':
      return { looks: check(task) };
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

function check({ wheels, byFolder, turns }: LookTask): Looks {
  const looks = new Map<number, boolean>();
  for (const at of takeTurns(turns, wheels.length)) {
    const { folder, sha256 } = wheels[at] as WheelPlace;
    const wheel = readStored(folder, sha256);
    const found = wheel !== undefined && isIntact(wheel, byFolder);
    if (found) known.set(folder, wheel);
    looks.set(at, found);
  }
  return looks;
}

function install({ bundles, turns, target, installer, linkMode }: InstallTask): void {
  const link = createLinker(linkMode);
  const journals = holdJournals([target.purelib, target.platlib]);
  let at = 0;
  try {
    for (const turn of takeTurns(turns, bundles.length)) {
      for (const { number, wheel: place, directUrl, bytecode } of bundles[turn] ?? []) {
        if (isStopped()) return;
        at = number;
        const wheel = known.get(place.folder) ?? readStored(place.folder, place.sha256);
        if (wheel === undefined) throw new Error(`${place.sha256} vanished from the store`);
        const journal = journals.of(schemeFolder(target, 'root', wheel));
        const { overwritten } = installWheel(wheel, target, { link, installer, directUrl, bytecode, journal });
        report({ kind: 'job-done', job: number, overwritten });
      }
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

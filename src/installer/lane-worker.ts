/** The thread of a side lane: installs what it is given, one wheel after the other, and reports each. */

import { createLinker } from '../files/link.ts';
import { TercetError } from '../ground/error.ts';
import { installWheel } from './install-wheel.ts';
import { holdJournals } from './journals.ts';
import type { LaneReport, LaneWork, PlainError } from './side-lane.ts';
import { schemeFolder } from './target.ts';

declare const self: Worker;

self.onmessage = ({ data }: MessageEvent<LaneWork>) => {
  const stop = new Int32Array(data.stop);
  const link = createLinker(data.linkMode);
  let at = 0;
  try {
    const journals = holdJournals([data.target.purelib, data.target.platlib]);
    try {
      for (const [job, { wheel, directUrl, bytecode }] of data.jobs.entries()) {
        if (Atomics.load(stop, 0) !== 0) break;
        at = job;
        const journal = journals.of(schemeFolder(data.target, 'root', wheel));
        const options = { link, installer: data.installer, directUrl, bytecode, journal };
        report({ kind: 'done', job, overwritten: installWheel(wheel, data.target, options).overwritten });
      }
    } finally {
      journals.release();
    }
  } catch (error) {
    report({ kind: 'failed', job: at, error: plain(error) });
  }
  report({ kind: 'ended' });
};

function report(report: LaneReport): void {
  self.postMessage(report);
}

function plain(error: unknown): PlainError {
  const { message, code, path } = error as NodeJS.ErrnoException;
  return { message, code, path, isTercet: error instanceof TercetError };
}

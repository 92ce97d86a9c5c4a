/** The thread of a side lane: installs what it is given, one wheel after the other, and reports each. */

import { createLinker } from '../files/link.ts';
import { TercetError } from '../ground/error.ts';
import { installWheel } from './install-wheel.ts';
import type { LaneReport, LaneWork, PlainError } from './side-lane.ts';

declare const self: Worker;

self.onmessage = ({ data }: MessageEvent<LaneWork>) => {
  const stop = new Int32Array(data.stop);
  const link = createLinker(data.linkMode);
  for (const [job, { wheel, directUrl, bytecode }] of data.jobs.entries()) {
    if (Atomics.load(stop, 0) !== 0) break;
    try {
      const options = { link, installer: data.installer, directUrl, bytecode };
      report({ kind: 'done', job, overwritten: installWheel(wheel, data.target, options).overwritten });
    } catch (error) {
      report({ kind: 'failed', job, error: plain(error) });
      break;
    }
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

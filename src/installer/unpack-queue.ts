/** Wheels that wait to be unpacked: the largest goes first, to a lane that is free, so that in the end no lane has much left alone. */

import type { UnpackJob } from './_unpack-wheel.ts';

/** A lane as the queue sees it. */
export interface UnpackLane {
  /** Bytes of wheels that it has been given to unpack and has not yet. */
  readonly load: number;
  unpack(job: UnpackJob, bytes: number): Promise<void>;
}

/** A lane with fewer bytes to unpack than this is given more, so that between small wheels it need not wait for this thread. */
export const AHEAD = 512 * 1024;

interface Waiting {
  readonly job: UnpackJob;
  readonly bytes: number;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Unpacks a wheel of so many bytes in one of `lanes`, and settles as the lane does. Where all are at work, `more` is asked for one
 * more, which it adds to them and returns, or undefined where these are enough.
 */
export function createUnpackQueue(
  lanes: readonly UnpackLane[],
  more: () => UnpackLane | undefined,
): (job: UnpackJob, bytes: number) => Promise<void> {
  const waiting: Waiting[] = [];
  const freeLane = (): UnpackLane | undefined => {
    const least = lanes.reduce((best, lane) => (lane.load < best.load ? lane : best));
    const lane = (least.load > 0 ? more() : undefined) ?? least;
    return lane.load < AHEAD ? lane : undefined;
  };
  const handOut = (): void => {
    while (waiting.length > 0) {
      const lane = freeLane();
      if (lane === undefined) return;
      const { job, bytes, resolve, reject } = waiting.shift() as Waiting;
      lane.unpack(job, bytes).finally(handOut).then(resolve, reject);
    }
  };
  return (job, bytes) =>
    new Promise((resolve, reject) => {
      const at = waiting.findIndex((other) => other.bytes < bytes);
      waiting.splice(at < 0 ? waiting.length : at, 0, { job, bytes, resolve, reject });
      handOut();
    });
}

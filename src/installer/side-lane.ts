/**
 * Lanes: threads that do the work of installing which keeps a processor busy, one task after the other: unpacking wheels into the
 * store, looking whether stored wheels are as they were, linking them into an environment.
 */

import { dirname } from 'node:path';
import type { LinkMode } from '../files/link.ts';
import type { Sha256 } from '../ground/brand.ts';
import { TercetError } from '../ground/error.ts';
import { isCompiled } from '../process/compiled.ts';
import type { UnpackJob } from './_unpack-wheel.ts';
import type { WheelBytecode } from './bytecode.ts';
import type { StoredWheel } from './stored-wheel.ts';
import type { InstallTarget } from './target.ts';
import type { Turns } from './turns.ts';

/** Fewer wheels than this are done before another thread is up. */
export const WORTH_LANES = 8;

/** A wheel in a store. */
export interface WheelPlace {
  readonly folder: string;
  readonly sha256: Sha256;
}

export function placeOf({ tree, sha256 }: Pick<StoredWheel, 'tree' | 'sha256'>): WheelPlace {
  return { folder: dirname(tree), sha256 };
}

/** One wheel to be installed where nothing of it is yet. */
export interface LaneJob {
  /** What it is called in reports. */
  readonly number: number;
  readonly wheel: WheelPlace;
  readonly directUrl: string | undefined;
  readonly bytecode: WheelBytecode | undefined;
}

/** Bundles of wheels to be installed, each in order; the first wheel that fails is the last. */
export interface InstallTask {
  readonly kind: 'install';
  readonly bundles: readonly (readonly LaneJob[])[];
  /** Who takes which of the bundles. */
  readonly turns: Turns;
  readonly target: InstallTarget;
  readonly installer: string;
  readonly linkMode: LinkMode | undefined;
}

/** Wheels to be looked at. */
export interface LookTask {
  readonly wheels: readonly WheelPlace[];
  /** They will be linked by their folders. */
  readonly byFolder: boolean;
  /** Who takes which of the wheels. */
  readonly turns: Turns;
}

/** Answered with what was looked at, and which of that is as it was unpacked. */
interface CheckTask extends LookTask {
  readonly kind: 'check';
}

interface UnpackTask extends UnpackJob {
  readonly kind: 'unpack';
}

export type LaneTask = InstallTask | CheckTask | UnpackTask;

/** What a lane is sent: first one number, by which it is stopped where it is not 0, then its tasks, and that there are no more. */
export type LaneMessage =
  | { readonly kind: 'start'; readonly stop: SharedArrayBuffer }
  | LaneTask
  | { readonly kind: 'end' };

/** What a lane has looked at, by places in the list: whether it is as it was unpacked. */
export type Looks = ReadonlyMap<number, boolean>;

/** What a lane reports: a job of an install task done or failed; a task done or failed. */
export type LaneReport =
  | { readonly kind: 'job-done'; readonly job: number; readonly overwritten: readonly string[] }
  | { readonly kind: 'job-failed'; readonly job: number; readonly error: PlainError }
  | { readonly kind: 'done'; readonly looks?: Looks }
  | { readonly kind: 'failed'; readonly error: PlainError };

/** An error as it crosses threads. */
export interface PlainError {
  readonly message: string;
  readonly code: string | undefined;
  readonly path: string | undefined;
  /** Of a `TercetError`. */
  readonly tercet: Pick<TercetError, 'hints' | 'detail' | 'exitCode'> | undefined;
}

/** The thread could not be started, or ended by itself: what it was to do has to be done elsewhere. */
export class LaneLost extends Error {}

export interface SideLane {
  /** Bytes of wheels that it has been given to unpack and has not yet. */
  readonly load: number;
  /** Unpacks a wheel of `bytes` bytes. Rejects as `unpackWheel`, or with `LaneLost`. */
  unpack(job: UnpackJob, bytes: number): Promise<void>;
  /** Whether the wheels that it takes are as they were unpacked. Rejects with `LaneLost`. */
  check(task: LookTask): Promise<Looks>;
  /** Installs bundles that it takes; resolves when there are no more. Jobs that it took and were neither done nor failed are left. */
  install(task: Omit<InstallTask, 'kind'>, reports: JobReports): Promise<void>;
  /** Ends what it is doing at the next file or wheel. */
  stop(): void;
  /** Ends the thread. */
  close(): void;
}

/** Called for the jobs of an install task, by their numbers. */
export interface JobReports {
  readonly onDone: (job: number, overwritten: readonly string[]) => void;
  readonly onFailed: (job: number, error: Error) => void;
}

interface Waiting {
  readonly resolve: (report: LaneReport & { readonly kind: 'done' }) => void;
  readonly reject: (error: Error) => void;
  readonly reports: JobReports | undefined;
}

/** Starts a lane. */
export function startSideLane(): SideLane {
  const stop = new SharedArrayBuffer(4);
  const worker = new Worker(address(), { smol: true });
  const waiting: Waiting[] = [];
  let isLost = false;
  let load = 0;
  worker.onmessage = ({ data }: MessageEvent<LaneReport>) => {
    const [first] = waiting;
    switch (data.kind) {
      case 'job-done':
        first?.reports?.onDone(data.job, data.overwritten);
        return;
      case 'job-failed':
        first?.reports?.onFailed(data.job, restored(data.error));
        return;
      case 'done':
        waiting.shift()?.resolve(data);
        return;
      case 'failed':
        waiting.shift()?.reject(restored(data.error));
    }
  };
  worker.onerror = (event) => {
    event.preventDefault();
    isLost = true;
    for (const { reject } of waiting.splice(0)) reject(new LaneLost());
  };
  const send = (message: LaneMessage): void => worker.postMessage(message);
  const ask = (task: LaneTask, reports?: JobReports): Promise<LaneReport & { readonly kind: 'done' }> => {
    if (isLost) return Promise.reject(new LaneLost());
    return new Promise((resolve, reject) => {
      waiting.push({ resolve, reject, reports });
      send(task);
    });
  };
  send({ kind: 'start', stop });
  return {
    get load() {
      return load;
    },
    async unpack(job, bytes) {
      load += bytes;
      try {
        await ask({ kind: 'unpack', ...job });
      } finally {
        load -= bytes;
      }
    },
    check: async (task) => (await ask({ kind: 'check', ...task })).looks ?? new Map(),
    async install(task, reports) {
      try {
        await ask({ kind: 'install', ...task }, reports);
      } catch (error) {
        if (!(error instanceof LaneLost)) throw error;
      }
    },
    stop: () => void Atomics.store(new Int32Array(stop), 0, 1),
    close() {
      // Nobody waits for the thread to end.
      worker.unref();
      send({ kind: 'end' });
    },
  };
}

/** In the executable entries have the paths of their sources; `scripts/build.ts` names this one. */
function address(): string {
  return isCompiled ? './installer/lane-worker.ts' : new URL('./lane-worker.ts', import.meta.url).href;
}

function restored({ message, code, path, tercet }: PlainError): Error {
  if (tercet !== undefined) return new TercetError(code ?? 'install-failed', message, tercet);
  return Object.assign(new Error(message), code === undefined ? {} : { code }, path === undefined ? {} : { path });
}

/** A lane of fresh installs in a thread of its own, seen from the thread that started it. */

import type { LinkMode } from '../files/link.ts';
import { TercetError } from '../ground/error.ts';
import type { WheelBytecode } from './bytecode.ts';
import type { StoredWheel } from './store.ts';
import type { InstallTarget } from './target.ts';

/** One wheel to be installed where nothing of it is yet. */
export interface LaneJob {
  readonly wheel: StoredWheel;
  readonly directUrl: string | undefined;
  readonly bytecode: WheelBytecode | undefined;
}

/** All that a lane needs to know. */
export interface LaneWork {
  readonly jobs: readonly LaneJob[];
  readonly target: InstallTarget;
  readonly installer: string;
  readonly linkMode: LinkMode | undefined;
  /** One number; the lane stops before its next job when it is not 0. */
  readonly stop: SharedArrayBuffer;
}

/** What a lane reports: a job done or failed, by its place in the list, or that it has ended. */
export type LaneReport =
  | { readonly kind: 'done'; readonly job: number; readonly overwritten: readonly string[] }
  | { readonly kind: 'failed'; readonly job: number; readonly error: PlainError }
  | { readonly kind: 'ended' };

/** An error as it crosses threads. */
export interface PlainError {
  readonly message: string;
  readonly code: string | undefined;
  readonly path: string | undefined;
  readonly isTercet: boolean;
}

export interface SideLane {
  /** Resolves when the lane has ended, whatever came of its jobs; some may be left where its thread could not run. */
  readonly ended: Promise<void>;
  stop(): void;
}

/** Starts the lane. A job that fails is the lane's last one. */
export function startSideLane(
  work: Omit<LaneWork, 'stop'>,
  onDone: (job: number, overwritten: readonly string[]) => void,
  onFailed: (job: number, error: Error) => void,
): SideLane {
  const stop = new SharedArrayBuffer(4);
  const worker = new Worker(address());
  const ended = new Promise<void>((resolve) => {
    worker.onmessage = ({ data }: MessageEvent<LaneReport>) => {
      if (data.kind === 'done') onDone(data.job, data.overwritten);
      else if (data.kind === 'failed') onFailed(data.job, restored(data.error));
      else resolve();
    };
    worker.onerror = (event) => {
      event.preventDefault();
      resolve();
    };
  });
  worker.postMessage({ ...work, stop } satisfies LaneWork);
  return {
    ended: ended.finally(() => worker.terminate()),
    stop: () => void Atomics.store(new Int32Array(stop), 0, 1),
  };
}

/** In the executable entries have the paths of their sources; `scripts/build.ts` names this one. */
function address(): string {
  const isCompiled = import.meta.url.includes('$bunfs') || import.meta.url.includes('~BUN');
  return isCompiled ? './installer/lane-worker.ts' : new URL('./lane-worker.ts', import.meta.url).href;
}

function restored({ message, code, path, isTercet }: PlainError): Error {
  if (isTercet) return new TercetError(code ?? 'install-failed', message);
  return Object.assign(new Error(message), code === undefined ? {} : { code }, path === undefined ? {} : { path });
}

/** Patience with a server: a request is given up when nothing, or next to nothing, comes for the timeout. */

/** Fewer bytes than this in one timeout are as good as none. */
const LEAST_PROGRESS = 512;

/** Ends a request that makes no progress. */
export interface Watch {
  readonly signal: AbortSignal;
  /** True when this watch ended the request. */
  readonly silent: boolean;
  /** Bytes arrived. */
  progress(bytes: number): void;
  end(): void;
  /** True where whoever reads the body ends the watch, later. */
  handedOver: boolean;
}

/**
 * Begins to watch a request.
 *
 * @param timeout milliseconds
 * @param outer ends the request, too
 */
export function createWatch(timeout: number, outer: AbortSignal | undefined): Watch {
  const controller = new AbortController();
  let bytes = 0;
  let silent = false;
  const timer = setInterval(() => {
    if (bytes < LEAST_PROGRESS) {
      silent = true;
      controller.abort();
    }
    bytes = 0;
  }, timeout);
  const abort = () => controller.abort();
  outer?.addEventListener('abort', abort, { once: true });
  return {
    signal: controller.signal,
    get silent() {
      return silent;
    },
    progress(count) {
      bytes += count;
    },
    end() {
      clearInterval(timer);
      outer?.removeEventListener('abort', abort);
    },
    handedOver: false,
  };
}

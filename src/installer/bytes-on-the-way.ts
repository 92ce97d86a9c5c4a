/** How many bytes are downloaded at a time: what arrives faster than it is written waits in memory. */

/** Waits for its turn to download so many bytes; the answer is to be called when they are there, or are not coming. */
export type Depart = (bytes: number) => Promise<() => void>;

/** What has arrived leaves as much memory behind, which the runtime does not find in time by itself. Bytes. */
const GARBAGE = 16 * 2 ** 20;

/**
 * At most `most` bytes on the way together, first come first served. A file counts for no more than half of them: a large one arrives
 * piece by piece, and others go beside it while it is waited for.
 */
export function createDepartures(most: number): Depart {
  const waiting: { readonly bytes: number; readonly go: () => void }[] = [];
  let moving = 0;
  let arrived = 0;
  const admit = (): void => {
    for (let next = waiting[0]; next !== undefined && moving + next.bytes <= most; next = waiting[0]) {
      waiting.shift();
      moving += next.bytes;
      next.go();
    }
  };
  return async (announced) => {
    const bytes = Math.min(announced, most / 2);
    await new Promise<void>((go) => {
      waiting.push({ bytes, go });
      admit();
    });
    return () => {
      moving -= bytes;
      arrived += announced;
      if (arrived >= GARBAGE) {
        arrived = 0;
        Bun.gc(true);
      }
      admit();
    };
  };
}

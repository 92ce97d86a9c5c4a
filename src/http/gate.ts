/**
 * At most so many at a time, and not all at once: a server with a short queue for new connections drops what it cannot queue, and a
 * dropped connection is tried again only after a second. So few begin, and each one that is done lets one more in than before.
 */

export interface Gate {
  /** Undefined when there is room, else a promise for it; whoever enters must `leave`. */
  enter(): Promise<void> | undefined;
  leave(): void;
}

/** A gate through which at first `start` (default: 6) and in the end `width` may be at once; others wait in order. */
export function createGate(width: number, start = 6): Gate {
  const waiting: (() => void)[] = [];
  let head = 0;
  let inside = 0;
  let room = Math.min(start, width);
  return {
    enter() {
      if (inside < room) {
        inside += 1;
        return undefined;
      }
      return new Promise((resolve) => waiting.push(resolve));
    },
    leave() {
      inside -= 1;
      room = Math.min(room + 1, width);
      for (let next = waiting[head]; next !== undefined && inside < room; next = waiting[head]) {
        head += 1;
        inside += 1;
        next();
      }
      if (head > 1024) {
        waiting.splice(0, head);
        head = 0;
      }
    },
  };
}

/** At most so many at a time. */

export interface Gate {
  /** Resolves when there is room; whoever enters must `leave`. */
  enter(): Promise<void> | undefined;
  leave(): void;
}

/** A gate through which `width` may be at once; others wait in order. */
export function createGate(width: number): Gate {
  const waiting: (() => void)[] = [];
  let head = 0;
  let inside = 0;
  return {
    enter() {
      if (inside < width) {
        inside += 1;
        return undefined;
      }
      return new Promise((resolve) => waiting.push(resolve));
    },
    leave() {
      const next = waiting[head];
      if (next === undefined) {
        inside -= 1;
        return;
      }
      head += 1;
      if (head > 1024) {
        waiting.splice(0, head);
        head = 0;
      }
      next();
    },
  };
}

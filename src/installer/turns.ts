/** A list of work that several threads share: each takes what is next, so that none has nothing to do while another has much. */

/** How many of a list's items have been taken, where all threads see it. */
export type Turns = SharedArrayBuffer;

export function newTurns(): Turns {
  return new SharedArrayBuffer(4);
}

/** Places in a list of `count` items, one after the other; none is given to anybody else. */
export function* takeTurns(turns: Turns, count: number): Generator<number> {
  const taken = new Int32Array(turns);
  for (let at = Atomics.add(taken, 0, 1); at < count; at = Atomics.add(taken, 0, 1)) yield at;
}

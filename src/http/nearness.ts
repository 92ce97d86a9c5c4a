/**
 * Whether a server that speaks plain HTTP is so near that each document had better have a connection of its own.
 *
 * A server that writes the head and the body of a reply in two pieces, and leaves Nagle's algorithm (RFC 896) on, makes a client that keeps
 * its connection wait for its own delayed acknowledgement (RFC 1122, 4.2.3.2): 40 ms for every small document. Many indexes inside a
 * network are such. On a new connection there is no such wait; it costs a round trip, which next door is nothing.
 */

export interface Nearness {
  /** True until replies have been measured, and afterwards where the quickest so far came at once: busy is not far. */
  readonly isNear: boolean;
  /** Notes how long a document took, in milliseconds. */
  took(milliseconds: number): void;
}

/** How many documents a near server is asked for at a time: so many fit even a queue of five. */
export const NEAR_WIDTH = 6;

/** Documents that are measured before a server counts as far. */
const SAMPLE = 12;
/** Milliseconds: above this, a few requests at a time do not fill the way there and back. */
const LIMIT = 8;

export function createNearness(): Nearness {
  let count = 0;
  let quickest = Number.POSITIVE_INFINITY;
  return {
    get isNear() {
      return count < SAMPLE || quickest <= LIMIT;
    },
    took(milliseconds) {
      count += 1;
      quickest = Math.min(quickest, milliseconds);
    },
  };
}

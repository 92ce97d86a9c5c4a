/** Room for requests: so many at a time, and few to a near server without encryption, whose connections are not kept (`nearness.ts`). */

import { createGate, type Gate } from './gate.ts';
import { createNearness, NEAR_WIDTH, type Nearness } from './nearness.ts';
import { proxyFor } from './proxy.ts';

/** What one request holds until it is done. */
export interface Place {
  /** Whether its connection is kept for the next one. */
  readonly keepalive: boolean;
  /** Notes how long the request took, in milliseconds. */
  took(milliseconds: number): void;
  /** Makes room for the next one; a second time it does nothing. */
  leave(): void;
}

export interface Room {
  /** Waits for a place. Only documents say how near a server is. */
  enter(url: URL, kind: 'document' | 'stream'): Promise<Place>;
}

/** Room for `width` requests at a time; `env` says which servers are behind a proxy. */
export function createRoom(width: number, env: Readonly<Record<string, string | undefined>>): Room {
  const gate = createGate(width);
  const nearGate = createGate(Math.min(width, NEAR_WIDTH));
  const nearnesses = new Map<string, Nearness>();

  /** Undefined where connections are kept in any case. */
  const nearnessOf = (url: URL): Nearness | undefined => {
    if (url.protocol !== 'http:' || proxyFor(url, env) !== undefined) return undefined;
    let nearness = nearnesses.get(url.host);
    if (nearness === undefined) {
      nearness = createNearness();
      nearnesses.set(url.host, nearness);
    }
    return nearness;
  };

  /** Waits for room; answers with the gate that is to be left. */
  const entered = async (nearness: Nearness | undefined): Promise<Gate> => {
    if (nearness?.isNear === true) {
      await nearGate.enter();
      if (nearness.isNear) return nearGate;
      nearGate.leave();
    }
    await gate.enter();
    return gate;
  };

  return {
    async enter(url, kind) {
      const nearness = kind === 'document' ? nearnessOf(url) : undefined;
      const through = await entered(nearness);
      let inside = true;
      return {
        keepalive: through === gate,
        took: (milliseconds) => nearness?.took(milliseconds),
        leave() {
          if (inside) through.leave();
          inside = false;
        },
      };
    },
  };
}

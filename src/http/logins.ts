/** Who a transport is for a server: what stands in an address, what is known of the address, and what is found after a refusal. */

import { percentDecoded } from '../ground/percent.ts';

/** User and password for one address. */
export interface Login {
  readonly username: string;
  readonly password: string;
}

/** Who to be at an address; `refused` is true when the server has just said 401. */
export type CredentialsFor = (url: URL, refused: boolean) => Login | undefined | Promise<Login | undefined>;

export interface Logins {
  /** What stands in the address, or has been used for its server, or is known of it; undefined: nobody in particular. */
  of(url: URL): Promise<Login | undefined>;
  /** Asks once more after a 401, once for each server. */
  afterRefusal(url: URL): Promise<Login | undefined>;
}

/** Remembers, by origin, the logins that stood in an address or came after a refusal. */
export function createLogins(credentials: CredentialsFor | undefined): Logins {
  const known = new Map<string, Login>();
  const refusals = new Map<string, Promise<Login | undefined>>();
  return {
    async of(url) {
      if (url.username !== '' || url.password !== '') {
        const login = { username: percentDecoded(url.username), password: percentDecoded(url.password) };
        known.set(url.origin, login);
        return login;
      }
      return known.get(url.origin) ?? credentials?.(url, false);
    },
    async afterRefusal(url) {
      let asked = refusals.get(url.origin);
      if (asked === undefined) {
        asked = Promise.resolve(credentials?.(url, true));
        refusals.set(url.origin, asked);
      }
      const login = await asked;
      if (login !== undefined) known.set(url.origin, login);
      return login;
    },
  };
}

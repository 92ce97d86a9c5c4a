/** Addresses that are asked, and where redirects lead. */

import { TercetError } from '../ground/error.ts';
import { withoutCredentials } from '../ground/redact.ts';

/** The address of a document. Throws `url-invalid` for what is no http or https address. */
export function parsedAddress(address: string): URL {
  const url = URL.parse(address);
  if (url === null || (url.protocol !== 'http:' && url.protocol !== 'https:')) {
    throw new TercetError('url-invalid', `${withoutCredentials(address)} is no http or https address`);
  }
  return url;
}

/** Whether the reply says where to ask instead (RFC 9110, 15.4). */
export function isRedirect(status: number): boolean {
  return status === 301 || status === 302 || status === 303 || status === 307 || status === 308;
}

/**
 * Where a redirect leads, without the credentials of another host. Throws `redirect-refused` for what is no http address, and for the way from
 * https to http.
 */
export function redirected(from: URL, location: string): URL {
  const url = URL.parse(location, bareAddress(from));
  if (url === null || (url.protocol !== 'http:' && url.protocol !== 'https:')) {
    throw redirectError(from, 'redirects to something that is no http address');
  }
  if (from.protocol === 'https:' && url.protocol === 'http:') {
    throw redirectError(
      from,
      `redirects from https to http (${withoutCredentials(url.href)}), which anyone may read and change`,
    );
  }
  // Whoever redirects does not get to say who we are elsewhere.
  if (url.origin !== from.origin) {
    url.username = '';
    url.password = '';
  }
  return url;
}

/** The error of a redirect that is not followed; `what` goes on after the address. */
export function redirectError(from: URL, what: string): TercetError {
  const shown = withoutCredentials(from.href);
  return new TercetError('redirect-refused', `${shown} ${what}`, { detail: { url: shown } });
}

/** The address as it goes over the wire: no credentials, no fragment. */
export function bareAddress(url: URL): string {
  if (url.username === '' && url.password === '' && url.hash === '') return url.href;
  const copy = new URL(url.href);
  copy.username = '';
  copy.password = '';
  copy.hash = '';
  return copy.href;
}

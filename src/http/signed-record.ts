/**
 * Small texts that machines of a team leave for each other on a server that nobody has to trust: each is signed with the team's key (HMAC-SHA256), together
 * with the name that it is kept under, so that none can be changed, or put in another's place.
 */

import { createHmac, timingSafeEqual } from 'node:crypto';

/** What is put on the server: the signature, hexadecimal, a line break, the text. */
export function sealRecord(secret: string, name: string, text: string): string {
  return `${signatureOf(secret, name, text)}\n${text}`;
}

/** The text of a record that was sealed with this secret for this name; undefined for any other. */
export function openSealed(secret: string, name: string, sealed: string): string | undefined {
  const text = sealed.slice(SIGNATURE_LENGTH + 1);
  const expected = Buffer.from(`${signatureOf(secret, name, text)}\n`);
  const found = Buffer.from(sealed.slice(0, SIGNATURE_LENGTH + 1));
  return found.length === expected.length && timingSafeEqual(found, expected) ? text : undefined;
}

const SIGNATURE_LENGTH = 64;

function signatureOf(secret: string, name: string, text: string): string {
  return createHmac('sha256', secret).update(`tercet remote cache\n${name}\n${text}`).digest('hex');
}

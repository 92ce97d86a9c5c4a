/**
 * What must not be shown: credentials in addresses, and control characters that would speak to a terminal.
 * Everything that quotes an address or a server's words goes through here first.
 */

/** An address without user, password and secret query values. Texts that are no address come back as they are. */
export function withoutCredentials(url: string): string {
  const at = url.indexOf('://');
  if (at < 0) return url;
  const start = at + 3;
  const bare = url.slice(0, start) + url.slice(endOfUserInfo(url, start));
  const query = bare.indexOf('?');
  return query < 0 ? bare : bare.slice(0, query + 1) + withoutSecrets(bare.slice(query + 1));
}

/** A text in which every address has lost its credentials, and control characters other than line breaks and tabs are gone. */
export function redact(text: string): string {
  let shown = '';
  let from = 0;
  for (let at = text.indexOf('://'); at >= 0; at = text.indexOf('://', from)) {
    const start = at + 3;
    const end = endOfAddress(text, start);
    let scheme = at;
    while (scheme > from && isSchemeCharacter(text.charCodeAt(scheme - 1))) scheme -= 1;
    shown += text.slice(from, scheme) + withoutCredentials(text.slice(scheme, end));
    from = end;
  }
  return withoutControls(shown + text.slice(from));
}

/** Where the host begins: behind the last `@` of the authority, else at `start`. */
function endOfUserInfo(url: string, start: number): number {
  let end = start;
  while (end < url.length && !'/?#'.includes(url.charAt(end))) end += 1;
  const at = url.lastIndexOf('@', end - 1);
  if (at >= start) return at + 1;
  // A password with a raw slash ends the authority early; what looks like a port then is no number.
  const colon = url.indexOf(':', start);
  if (colon >= start && colon < end && !isNumber(url.slice(colon + 1, end))) {
    const late = url.indexOf('@', end);
    if (late >= 0) return late + 1;
  }
  return start;
}

const SECRET = [
  'token',
  'secret',
  'password',
  'passwd',
  'signature',
  'credential',
  'apikey',
  'api_key',
  'api-key',
  'sig',
];

function withoutSecrets(query: string): string {
  return query
    .split('&')
    .map((pair) => {
      const equals = pair.indexOf('=');
      const name = pair.slice(0, Math.max(equals, 0)).toLowerCase();
      return equals > 0 && SECRET.some((word) => name.endsWith(word)) ? `${pair.slice(0, equals)}=***` : pair;
    })
    .join('&');
}

/** An address in running text ends at white space, a quote or a bracket. */
function endOfAddress(text: string, start: number): number {
  let end = start;
  while (end < text.length && !' \t\r\n"\'`<>()'.includes(text.charAt(end))) end += 1;
  return end;
}

function isSchemeCharacter(code: number): boolean {
  return (
    (code >= 0x30 && code <= 0x39) || (code >= 0x41 && code <= 0x5a) || (code >= 0x61 && code <= 0x7a) || code === 0x2b
  );
}

function isNumber(text: string): boolean {
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code < 0x30 || code > 0x39) return false;
  }
  return true;
}

function withoutControls(text: string): string {
  let clean = '';
  let from = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if ((code >= 0x20 && code < 0x7f) || code > 0x9f || code === 0x0a || code === 0x09) continue;
    clean += text.slice(from, at);
    from = at + 1;
  }
  return clean + text.slice(from);
}

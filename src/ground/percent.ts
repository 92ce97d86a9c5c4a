/** Percent-encoding in addresses (RFC 3986, section 2.1). */

/** The text without its escapes; as it is where one of them is none, or where they are not UTF-8. */
export function percentDecoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** The text with everything escaped but letters, digits and `-._~`, as Python's `quote` does with nothing held to be safe. */
export function percentEncoded(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
}

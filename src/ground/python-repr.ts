/** A text as Python's `repr` writes it, since scripts compare it and `setup.py` files hold it. */

/** In single quotes, unless only those occur in it; what is not printable as an escape. */
export function textRepr(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  let inner = '';
  for (const char of text) {
    if (char === quote || char === '\\') inner += `\\${char}`;
    else if (char === '\n') inner += '\\n';
    else if (char === '\r') inner += '\\r';
    else if (char === '\t') inner += '\\t';
    else inner += char !== ' ' && UNPRINTABLE.test(char) ? escaped(char.codePointAt(0) ?? 0) : char;
  }
  return quote + inner + quote;
}

/** A list of texts. */
export function listRepr(texts: readonly string[]): string {
  return `[${texts.map(textRepr).join(', ')}]`;
}

/** Control and format characters, separators, surrogates, and what is not assigned. */
const UNPRINTABLE = /[\p{C}\p{Z}]/u;

function escaped(code: number): string {
  if (code < 0x100) return `\\x${code.toString(16).padStart(2, '0')}`;
  if (code < 0x10000) return `\\u${code.toString(16).padStart(4, '0')}`;
  return `\\U${code.toString(16).padStart(8, '0')}`;
}

/** Bytes as `repr` writes them: `b'…'`, ASCII as it is, the rest as escapes. */
export function bytesRepr(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return `b${textRepr(text).replace(NOT_ASCII, (char) => escaped(char.charCodeAt(0)))}`;
}

const NOT_ASCII = /[\u0080-\u00ff]/g;

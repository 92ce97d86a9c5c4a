/** The e-mail form of metadata (RFC 822): headers, an empty line, a body. */

/** Where the headers end: at the first empty line. */
const END_OF_HEADERS = /(?:^|\r\n|\n|\r(?!\n))(?:\r\n|\r|\n)/;
const HEADER = /^([!-9;-~]+):[ \t]*(.*)$/s;

/** The values of each header, by its name in lower case, as written from top to bottom. */
export function readHeaders(text: string): ReadonlyMap<string, readonly string[]> {
  const end = END_OF_HEADERS.exec(text)?.index ?? text.length;
  const headers = new Map<string, string[]>();
  const hasReturns = text.lastIndexOf('\r', end) >= 0;
  let values: string[] | undefined;
  let lineEnd = '';
  for (let at = text.startsWith('\ufeff') ? 1 : 0; at < end; at += lineEnd.length) {
    const start = at;
    at = Math.min(endOfLine(text, start, hasReturns), end);
    const line = text.slice(start, at);
    const endBefore = lineEnd;
    lineEnd = lineEndAt(text, at);
    if (line.startsWith(' ') || line.startsWith('\t')) {
      if (values !== undefined) values.push((values.pop() ?? '') + endBefore + line);
      continue;
    }
    const match = HEADER.exec(line);
    if (match === null) {
      // A colon without a name, or the line that a mailbox adds, is passed over; anything else begins the body.
      if (!line.startsWith(':') && !line.startsWith('From ')) break;
      values = undefined;
      continue;
    }
    const name = (match[1] ?? '').toLowerCase();
    values = headers.get(name);
    if (values === undefined) {
      values = [];
      headers.set(name, values);
    }
    values.push(match[2] ?? '');
  }
  return headers;
}

/** Where the line that begins at `start` ends: at `\n`, at `\r` where there are such, or with the text. */
function endOfLine(text: string, start: number, hasReturns: boolean): number {
  const feed = text.indexOf('\n', start);
  const end = feed < 0 ? text.length : feed;
  const carriage = hasReturns ? text.indexOf('\r', start) : -1;
  return carriage < 0 ? end : Math.min(carriage, end);
}

function lineEndAt(text: string, at: number): string {
  if (text.charCodeAt(at) !== 13) return '\n';
  return text.charCodeAt(at + 1) === 10 ? '\r\n' : '\r';
}

/** What follows the headers; empty where nothing does. */
export function bodyOf(text: string): string {
  const end = END_OF_HEADERS.exec(text);
  return end === null ? '' : text.slice(end.index + end[0].length);
}

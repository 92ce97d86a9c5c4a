/** The e-mail form of metadata (RFC 822): headers, an empty line, a body. */

/** Where the headers end: at the first empty line. */
const END_OF_HEADERS = /(?:^|\r\n|\n|\r(?!\n))(?:\r\n|\r|\n)/;
const LINE_END = /(\r\n|\r|\n)/;
const HEADER = /^([!-9;-~]+):[ \t]*(.*)$/s;

/** The values of each header, by its name in lower case, as written from top to bottom. */
export function readHeaders(text: string): ReadonlyMap<string, readonly string[]> {
  const start = text.startsWith('\ufeff') ? 1 : 0;
  const end = END_OF_HEADERS.exec(text)?.index ?? text.length;
  const headers = new Map<string, string[]>();
  let values: string[] | undefined;
  let lineEnd = '';
  for (const [index, line] of text.slice(start, end).split(LINE_END).entries()) {
    if (index % 2 === 1) {
      lineEnd = line;
      continue;
    }
    if (line.startsWith(' ') || line.startsWith('\t')) {
      if (values !== undefined) values.push((values.pop() ?? '') + lineEnd + line);
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

/** What follows the headers; empty where nothing does. */
export function bodyOf(text: string): string {
  const end = END_OF_HEADERS.exec(text);
  return end === null ? '' : text.slice(end.index + end[0].length);
}

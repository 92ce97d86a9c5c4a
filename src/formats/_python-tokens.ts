/** The tokens of a Python file, as far as literals and calls need them. https://docs.python.org/3/reference/lexical_analysis.html */

export interface Token {
  readonly kind: 'name' | 'number' | 'text' | 'mark' | 'line';
  /** A text's contents; everything else as written. */
  readonly text: string;
  /** Brackets around it. */
  readonly depth: number;
  /** Columns before the line's first token; -1 for others. */
  readonly indent: number;
}

const TOKEN =
  /(?<line>(?:\r\n|\r|\n)(?<indent>[ \t]*))|(?<space>[ \t\f]+|\\(?:\r\n|\n))|(?<comment>#[^\r\n]*)|(?<prefix>[rRbBuUfF]{0,2})(?:"""(?<long>(?:[^\\]|\\[\s\S])*?)"""|'''(?<other>(?:[^\\]|\\[\s\S])*?)'''|"(?<double>(?:[^"\\\r\n]|\\[\s\S])*)"|'(?<single>(?:[^'\\\r\n]|\\[\s\S])*)')|(?<number>\d[\w.]*)|(?<name>[\p{L}_][\p{L}\p{N}_]*)|(?<mark>\*\*|[^\s])/uy;

/** Larger files are no setup scripts. */
const MOST_TOKENS = 200_000;

/** The tokens up to the first place that is no Python; comments and spaces are left out, and so are line ends inside of brackets. */
export function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  let depth = 0;
  let indent = 0;
  let first = true;
  TOKEN.lastIndex = 0;
  const source = text.replace(/^\ufeff/, '');
  while (TOKEN.lastIndex < source.length && tokens.length < MOST_TOKENS) {
    const groups = TOKEN.exec(source)?.groups;
    if (groups === undefined) break;
    const { line, space, comment, prefix = '', number, name, mark } = groups;
    if (line !== undefined) {
      indent = (groups.indent ?? '').length;
      first = true;
      if (depth === 0) tokens.push({ kind: 'line', text: '', depth, indent: -1 });
      continue;
    }
    if (space !== undefined || comment !== undefined) continue;
    const at = first ? indent : -1;
    first = false;
    if (mark !== undefined) {
      if (/[)\]}]/.test(mark)) depth = Math.max(0, depth - 1);
      tokens.push({ kind: 'mark', text: mark, depth, indent: at });
      if (/[([{]/.test(mark)) depth += 1;
    } else if (name !== undefined) tokens.push({ kind: 'name', text: name, depth, indent: at });
    else if (number !== undefined) tokens.push({ kind: 'number', text: number, depth, indent: at });
    else {
      const written = groups.long ?? groups.other ?? groups.double ?? groups.single ?? '';
      // An f-string may hold anything: it is no literal.
      const kind = /f/i.test(prefix) && written.includes('{') ? 'mark' : 'text';
      tokens.push({ kind, text: /r/i.test(prefix) ? written : unescaped(written), depth, indent: at });
    }
  }
  return tokens;
}

const ESCAPES: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  '\n': '',
  '\\': '\\',
  "'": "'",
  '"': '"',
};

function unescaped(text: string): string {
  return text.replace(/\\([\s\S])/g, (whole, char: string) => ESCAPES[char] ?? whole);
}

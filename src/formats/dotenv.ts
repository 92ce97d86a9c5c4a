/**
 * `.env` files, with the grammar of python-dotenv: `NAME=value`, `export` before it, quotes, comments, `${OTHER:-default}`.
 * https://saurabh-kumar.com/python-dotenv/#file-format
 */

type Variables = Readonly<Record<string, string | undefined>>;

const BINDING =
  /^[ \t]*(?:export[ \t]+)?(?:'([^']+)'|([^=#\s]+))[ \t]*(?:=[ \t]*(?:'((?:[^'\\]|\\[\s\S])*)'|"((?:[^"\\]|\\[\s\S])*)"|([^\r\n]*)))?/;
const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', f: '\f', b: '\b', v: '\v', a: '\x07' };

/**
 * The variables that a text sets, in its order; a name without `=` sets nothing. References see what the text has set before, then `outside`.
 */
export function readDotenv(text: string, outside: Variables = {}): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  let rest = text.replace(/^\ufeff/, '');
  while (rest !== '') {
    const blank = /^(?:[ \t]*(?:#[^\r\n]*)?(?:\r\n|\r|\n))+|^[ \t]*(?:#[^\r\n]*)?$/.exec(rest);
    if (blank !== null && blank[0] !== '') {
      rest = rest.slice(blank[0].length);
      continue;
    }
    const binding = BINDING.exec(rest);
    if (binding === null) {
      rest = rest.replace(/^[^\r\n]*(?:\r\n|\r|\n)?/, '');
      continue;
    }
    const [whole, quotedName, plainName, single, double, bare] = binding;
    const name = quotedName ?? plainName ?? '';
    const value = readValue(single, double, bare);
    if (value !== undefined) {
      const lookup = (other: string): string | undefined => found.get(other) ?? outside[other];
      found.set(name, single === undefined ? expanded(value, lookup) : value);
    }
    rest = rest.slice(whole.length).replace(/^[^\r\n]*(?:\r\n|\r|\n)?/, '');
  }
  return found;
}

function readValue(
  single: string | undefined,
  double: string | undefined,
  bare: string | undefined,
): string | undefined {
  if (single !== undefined) return single.replace(/\\([\\'])/g, '$1');
  if (double !== undefined)
    return double.replace(
      /\\([\s\S])/g,
      (whole, char: string) => ESCAPES[char] ?? (/[\\"'$]/.test(char) ? char : whole),
    );
  return bare?.replace(/(?:^|\s+)#.*$/, '').trim();
}

/** `${NAME}` and `${NAME:-default}`; what is set nowhere is empty. */
export function expanded(text: string, lookup: (name: string) => string | undefined): string {
  return text.replace(/\$\{([^}:]+)(?::-([^}]*))?\}/g, (_, name: string, fallback = '') => lookup(name) || fallback);
}

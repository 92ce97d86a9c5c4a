/**
 * The file `.netrc`: logins by host, as ftp, curl and Python's requests read it.
 * https://www.gnu.org/software/inetutils/manual/html_node/The-_002enetrc-file.html
 */

/** A login; `host` undefined is the entry `default`, for every host without one. */
export interface NetrcEntry {
  readonly host: string | undefined;
  readonly login: string;
  readonly password: string;
}

/** The entries of a file, in order. Words that mean nothing are passed over; macros are skipped. */
export function parseNetrc(text: string): readonly NetrcEntry[] {
  const entries: { host: string | undefined; login: string; password: string }[] = [];
  let macro = false;
  for (const line of text.split(/\r?\n/)) {
    if (macro) {
      macro = line.trim() !== '';
      continue;
    }
    const words = wordsOf(line);
    for (let at = 0; at < words.length; at++) {
      const current = entries.at(-1);
      switch (words[at]) {
        case 'machine':
          at += 1;
          entries.push({ host: (words[at] ?? '').toLowerCase(), login: '', password: '' });
          break;
        case 'default':
          entries.push({ host: undefined, login: '', password: '' });
          break;
        case 'login':
        case 'user':
          at += 1;
          if (current !== undefined) current.login = words[at] ?? '';
          break;
        case 'password':
          at += 1;
          if (current !== undefined) current.password = words[at] ?? '';
          break;
        case 'account':
          at += 1;
          break;
        case 'macdef':
          macro = true;
          at = words.length;
          break;
        default:
      }
    }
  }
  return entries;
}

/** The first entry for a host (no port), else `default`; undefined where there is neither. */
export function netrcEntry(entries: readonly NetrcEntry[], host: string): NetrcEntry | undefined {
  const wanted = host.toLowerCase();
  return entries.find((entry) => entry.host === wanted) ?? entries.find((entry) => entry.host === undefined);
}

/** Words between blanks; `"…"` may hold blanks, and a backslash takes the next character as it is. `#` at a word's start ends the line. */
function wordsOf(line: string): readonly string[] {
  const words: string[] = [];
  let at = 0;
  while (at < line.length) {
    const first = line.charAt(at);
    if (first === ' ' || first === '\t') {
      at += 1;
      continue;
    }
    // A password may begin with `#`: only where a keyword could stand is it a comment.
    if (first === '#' && !TAKES_VALUE.has(words.at(-1) ?? '')) break;
    const quoted = first === '"';
    if (quoted) at += 1;
    let word = '';
    while (at < line.length) {
      const character = line.charAt(at);
      if (quoted ? character === '"' : character === ' ' || character === '\t') break;
      if (character === '\\' && at + 1 < line.length) at += 1;
      word += line.charAt(at);
      at += 1;
    }
    if (quoted) at += 1;
    words.push(word);
  }
  return words;
}

const TAKES_VALUE: ReadonlySet<string> = new Set(['machine', 'login', 'user', 'password', 'account']);

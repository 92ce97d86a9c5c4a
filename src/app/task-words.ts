/** The words of a command, split as a shell would: quotes, `\`, comments, `$NAME`, `${NAME:-default}`. Patterns are told apart. */

/** A word, and whether it holds `*`, `?` or `[` outside quotes, and so may stand for several files. */
export interface Word {
  readonly text: string;
  readonly isPattern: boolean;
}

/** Splits a text. A variable outside quotes is one word whatever it holds, unless it is empty. Throws nothing: an open quote ends with the text. */
export function splitWords(text: string, lookup: (name: string) => string | undefined): Word[] {
  const words: Word[] = [];
  let word: string | undefined;
  let isPattern = false;
  const append = (part: string): void => {
    word = (word ?? '') + part;
  };
  const end = (): void => {
    if (word !== undefined) words.push({ text: word, isPattern });
    word = undefined;
    isPattern = false;
  };
  for (let at = 0; at < text.length; at += 1) {
    const char = text[at] ?? '';
    if (/\s/.test(char)) {
      end();
    } else if (char === '#' && word === undefined) {
      at = endOf('\n', text, at);
    } else if (char === "'") {
      const close = endOf("'", text, at + 1);
      append(text.slice(at + 1, close));
      at = close;
    } else if (char === '"') {
      const quoted = quotedAt(text, at, lookup);
      append(quoted.value);
      at = quoted.last;
    } else if (char === '\\') {
      at += 1;
      // At the end of a line it joins it with the next one, and is no word of its own.
      if (text[at] !== '\n') append(text[at] ?? '');
    } else if (char === '$') {
      const variable = variableAt(text, at, lookup) ?? { value: '$', last: at };
      if (variable.value !== '') append(variable.value);
      at = variable.last;
    } else {
      if (/[*?[]/.test(char)) isPattern = true;
      append(char);
    }
  }
  end();
  return words;
}

/** Where `sign` stands from `start` on, else where the text ends. */
function endOf(sign: string, text: string, start: number): number {
  const at = text.indexOf(sign, start);
  return at < 0 ? text.length : at;
}

/** What stands for a text in double quotes or for a variable, and where its last character is. */
interface Read {
  readonly value: string;
  readonly last: number;
}

/** The text in the double quotes that open at `at`: variables are replaced, `\` takes the meaning from `"`, `\` and `$`. */
function quotedAt(text: string, at: number, lookup: (name: string) => string | undefined): Read {
  let value = '';
  let last = at + 1;
  for (; last < text.length && text[last] !== '"'; last += 1) {
    const variable = text[last] === '$' ? variableAt(text, last, lookup) : undefined;
    if (variable !== undefined) {
      value += variable.value;
      last = variable.last;
    } else {
      if (text[last] === '\\' && /["\\$]/.test(text[last + 1] ?? '')) last += 1;
      value += text[last];
    }
  }
  return { value, last };
}

/** The text with every `${NAME}` as `replace` has it, or as its own `:-` and `:+` say where that has nothing. `$NAME` stays. */
export function substituted(text: string, replace: (name: string) => string | undefined): string {
  return text.replace(BRACED, (_whole, name: string, operator: string | undefined, other = '') => {
    const value = replace(name);
    if (operator === '+') return value === undefined ? '' : other;
    return value ?? other;
  });
}

const BRACED = /\$\{([A-Za-z_]\w*)(?::([-+])([^}]*))?\}/g;

/** The variable that begins with the `$` at `at`; undefined where none does. */
function variableAt(text: string, at: number, lookup: (name: string) => string | undefined): Read | undefined {
  const found = /^\$(?:\{([A-Za-z_]\w*)(?::([-+])([^}]*))?\}|([A-Za-z_]\w*))/.exec(text.slice(at, at + 4096));
  if (found === null) return undefined;
  const [whole, braced, operator, other = '', plain] = found;
  const value = lookup(braced ?? plain ?? '') ?? '';
  const last = at + whole.length - 1;
  if (operator === '-') return { value: value === '' ? other : value, last };
  if (operator === '+') return { value: value === '' ? '' : other, last };
  return { value, last };
}

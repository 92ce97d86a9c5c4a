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
      const line = text.indexOf('\n', at);
      at = line < 0 ? text.length : line;
    } else if (char === "'") {
      const close = text.indexOf("'", at + 1);
      word = (word ?? '') + text.slice(at + 1, close < 0 ? undefined : close);
      at = close < 0 ? text.length : close;
    } else if (char === '"') {
      word ??= '';
      for (at += 1; at < text.length && text[at] !== '"'; at += 1) {
        const variable = text[at] === '$' ? variableAt(text, at, lookup) : undefined;
        if (variable !== undefined) {
          word += variable.value;
          at = variable.last;
        } else if (text[at] === '\\' && /["\\$]/.test(text[at + 1] ?? '')) word += text[++at];
        else word += text[at];
      }
    } else if (char === '\\') {
      at += 1;
      if (text[at] !== '\n') word = (word ?? '') + (text[at] ?? '');
    } else if (char === '$') {
      const variable = variableAt(text, at, lookup);
      if (variable === undefined) word = `${word ?? ''}$`;
      else {
        if (variable.value !== '') word = (word ?? '') + variable.value;
        at = variable.last;
      }
    } else {
      if (/[*?[]/.test(char)) isPattern = true;
      word = (word ?? '') + char;
    }
  }
  end();
  return words;
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

function variableAt(
  text: string,
  at: number,
  lookup: (name: string) => string | undefined,
): { readonly value: string; readonly last: number } | undefined {
  const found = /^\$(?:\{([A-Za-z_]\w*)(?::([-+])([^}]*))?\}|([A-Za-z_]\w*))/.exec(text.slice(at, at + 4096));
  if (found === null) return undefined;
  const [whole, braced, operator, other = '', plain] = found;
  const value = lookup(braced ?? plain ?? '') ?? '';
  const last = at + whole.length - 1;
  if (operator === '-') return { value: value === '' ? other : value, last };
  if (operator === '+') return { value: value === '' ? '' : other, last };
  return { value, last };
}

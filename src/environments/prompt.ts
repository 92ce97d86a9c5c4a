/** The template of `virtualenvs.prompt`: texts with `{project_name}` and `{python_version}`, as Python's `str.format` reads it. */

import { TercetError } from '../ground/error.ts';

/** Fills the template. Throws `prompt-invalid` for other variables and for lone braces. */
export function fillPrompt(template: string, variables: Readonly<Record<string, string>>): string {
  let text = '';
  for (let at = 0; at < template.length; at += 1) {
    const char = template[at];
    if (char !== '{' && char !== '}') {
      text += char;
    } else if (template[at + 1] === char) {
      text += char;
      at += 1;
    } else if (char === '}') {
      throw invalid("Single '}' encountered in format string");
    } else {
      const end = template.indexOf('}', at);
      if (end < 0)
        throw invalid(
          at + 1 === template.length ? "Single '{' encountered in format string" : "expected '}' before end of string",
        );
      text += variable(template.slice(at + 1, end), variables);
      at = end;
    }
  }
  return text;
}

function variable(field: string, variables: Readonly<Record<string, string>>): string {
  const name = /^[^!:.[]*/.exec(field)?.[0] ?? '';
  const value = Object.hasOwn(variables, name) ? variables[name] : undefined;
  if (value !== undefined) return value;
  const known = Object.keys(variables).map((key) => `{${key}}`);
  throw new TercetError(
    'prompt-invalid',
    `Invalid template variable '${name}' in 'virtualenvs.prompt' setting.\nValid variables are: ${known.join(', ')}`,
  );
}

function invalid(reason: string): TercetError {
  return new TercetError('prompt-invalid', `Invalid template string in 'virtualenvs.prompt' setting: ${reason}`);
}

/** The small programs in an environment's scripts folder that call a function of a package. */

import type { EntryPointScript } from './entry-points.ts';

/** The longest first line, in bytes with its end, that every system takes. */
const LONGEST_SHEBANG = 127;

/** The lines that make a system run a Python file with `python`, a path. Ends without a newline. */
export function shebang(python: string): string {
  if (!python.includes(' ') && Buffer.byteLength(python) + 3 <= LONGEST_SHEBANG) return `#!${python}`;
  return `#!/bin/sh\n'''exec' ${shellQuoted(python)} "$0" "$@"\n' '''`;
}

/** The program of an entry point, as pip and Poetry write it. */
export function scriptText(script: EntryPointScript, python: string): string {
  return `${shebang(python)}\n${programText(script)}`;
}

/** The same without the line that names the interpreter. */
export function programText({ module, attribute }: EntryPointScript): string {
  return `\
# -*- coding: utf-8 -*-
import re
import sys
from ${module} import ${attribute.split('.')[0]}
if __name__ == "__main__":
    sys.argv[0] = re.sub(r"(-script\\.pyw|\\.exe)?$", "", sys.argv[0])
    sys.exit(${attribute}())
`;
}

/** A script of a wheel whose first line is `#!python` or `#!pythonw`, with the environment's interpreter instead. */
export function withInterpreter(contents: Uint8Array, python: string): Uint8Array {
  const bytes = Buffer.from(contents.buffer, contents.byteOffset, contents.byteLength);
  const end = bytes.indexOf(10);
  return Buffer.concat([Buffer.from(`${shebang(python)}\n`), end < 0 ? Buffer.alloc(0) : bytes.subarray(end + 1)]);
}

/** On Windows, where files without an ending do not run: what starts the script of this name beside it. */
export function windowsStarter(name: string, python: string): string {
  return `@echo off\r\n"${python}" "%~dp0\\${name}" %*\r\n`;
}

/** `text` as one word for a POSIX shell. */
function shellQuoted(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'"'"'`)}'`;
}

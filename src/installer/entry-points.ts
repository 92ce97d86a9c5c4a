/**
 * entry_points.txt, as far as it makes executables: the groups `console_scripts` and `gui_scripts`.
 * https://packaging.python.org/en/latest/specifications/entry-points/
 */

import { ParseError } from '../ground/error.ts';

/** An executable that calls a function. */
export interface EntryPointScript {
  /** The file's name in the scripts folder: one safe segment. */
  readonly name: string;
  /** Dotted module path. */
  readonly module: string;
  /** Dotted path inside the module. */
  readonly attribute: string;
  /** Without a console, on Windows. */
  readonly gui: boolean;
}

const REFERENCE = /^([\p{L}\p{N}_.]+)\s*:\s*([\p{L}\p{N}_.]+)\s*(?:\[[^\]]*\])?$/u;

/**
 * The scripts in the order of the file. Throws `ParseError` where a name would leave the scripts folder or replace an
 * environment's own executables, and where a reference is no `module:attribute` (it becomes Python code).
 */
export function parseEntryPointScripts(text: string): EntryPointScript[] {
  const scripts: EntryPointScript[] = [];
  let group = '';
  for (const raw of text.split(/\r\n|\n|\r/)) {
    const line = raw.trim();
    if (line === '' || line.startsWith('#') || line.startsWith(';')) continue;
    const section = /^\[(.*)\]$/.exec(line);
    if (section !== null) {
      group = (section[1] ?? '').trim();
      continue;
    }
    if (group !== 'console_scripts' && group !== 'gui_scripts') continue;
    const equals = line.indexOf('=');
    const name = line.slice(0, equals).trim();
    const reference = REFERENCE.exec(line.slice(equals + 1).trim());
    if (equals < 0 || reference === null) {
      throw new ParseError(`the entry point ${JSON.stringify(line)} is no "name = module:function"`, text);
    }
    const fault = scriptNameFault(name);
    if (fault !== undefined) throw new ParseError(`the entry point ${JSON.stringify(name)} ${fault}`, text);
    scripts.push({ name, module: reference[1] ?? '', attribute: reference[2] ?? '', gui: group === 'gui_scripts' });
  }
  return scripts;
}

/** What is wrong with an executable's name in the scripts folder; undefined where nothing is. */
export function scriptNameFault(name: string): string | undefined {
  if (name === '' || name === '.' || name === '..') return 'has no name';
  if (/[/\\]/.test(name) || /^[A-Za-z]:/.test(name)) return 'leaves the scripts folder';
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
  if (/[\u0000-\u001f\u007f]/.test(name) || name.length > 200) return 'is no file name';
  if (INTERPRETER.test(name)) return 'would replace the Python interpreter';
  if (ACTIVATOR.test(name)) return "would replace the environment's own scripts";
  return undefined;
}

const INTERPRETER = /^(python|pythonw|pypy)[\d.]*[a-z]?(\.exe|\.cmd|\.bat)?$/i;
const ACTIVATOR = /^((de)?activate(\.(csh|fish|nu|ps1|xsh|bat))?|activate_this\.py)$/i;

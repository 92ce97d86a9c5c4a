/**
 * On Windows a script is started by a program beside its name: a launcher (`read-launchers.ts`), then the line that names the interpreter,
 * then a zip with the script as `__main__.py`. pip and Poetry make the same.
 */

import { storedZip } from '../archive/stored-zip.ts';

/** The launchers of an interpreter. */
export interface Launchers {
  readonly console: Uint8Array;
  /** Without a console. */
  readonly window: Uint8Array;
}

/** What a program is made of. */
export interface LaunchedScript {
  /** The Python program. */
  readonly text: string;
  /** Without a console. */
  readonly gui: boolean;
}

/** A program that runs the script with `python`, a path. */
export function launcherProgram(launchers: Launchers, { text, gui }: LaunchedScript, python: string): Buffer {
  const interpreter = python.includes(' ') ? `"${python}"` : python;
  const main = { path: '__main__.py', executable: false, contents: Buffer.from(text) };
  return Buffer.concat([
    gui ? launchers.window : launchers.console,
    Buffer.from(`#!${interpreter}\n`),
    storedZip(main),
  ]);
}

/** What a build prints: told line by line, kept in a file, and its last lines in the error when the build fails. */

import { closeSync, mkdirSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { TercetError } from '../ground/error.ts';
import type { Emit } from '../ground/events.ts';
import { redact } from '../ground/redact.ts';

/** Lines of its output that a failed build's error shows. */
const SHOWN = 20;

export interface BuildLog {
  add(line: string): void;
  /** The error for a build that failed. `what`: which step, and how it ended. The log file is kept. */
  failure(what: string): TercetError;
  /** Closes the file, and removes it unless the build failed. */
  close(): void;
}

export interface BuildLogOptions {
  /** What is built: `foo (1.0)`. */
  readonly label: string;
  readonly project: string;
  /** Where the log of a failed build is kept. */
  readonly file: string;
  readonly emit: Emit;
}

/** Opens the log. Where its file cannot be written there is none, and the build goes on. */
export function openBuildLog({ label, project, file, emit }: BuildLogOptions): BuildLog {
  const working = `${file}.${process.pid}-${logs++}`;
  const last: string[] = [];
  let output = open(working);
  let failed = false;
  const write = (line: string): void => {
    if (output === undefined) return;
    try {
      writeSync(output, `${line}\n`);
    } catch {
      output = undefined;
    }
  };
  return {
    add(line) {
      const shown = redact(line).trimEnd();
      write(shown);
      last.push(shown);
      if (last.length > SHOWN * 4) last.splice(0, last.length - SHOWN * 2);
      emit({ kind: 'build-output', project, line: shown });
    },
    failure(what) {
      failed = true;
      while (last.at(-1) === '') last.pop();
      const words = withoutFrames(last).slice(-SHOWN);
      const excerpt = words.length === 0 ? '' : `${words.map((line) => `    | ${line}`.trimEnd()).join('\n')}\n\n`;
      return new TercetError('build-failed', `${excerpt}PEP517 build of ${label} failed: ${what}`, {
        hints: [
          ...(output === undefined ? [] : [`All of the build's output is in ${file}`]),
          `The error comes from the build backend of ${label}, not from here: it may need a compiler, a library with its headers, or another Python.`,
        ],
        detail: { project, output: words, log: output === undefined ? undefined : file },
      });
    },
    close() {
      if (output === undefined) return;
      closeSync(output);
      output = undefined;
      try {
        if (failed) renameSync(working, file);
        else rmSync(working, { force: true });
      } catch {
        // The log is a convenience.
      }
    },
  };
}

/**
 * Lines of a build's output without the frames of a Python trace that ends in `CalledProcessError`: the program that was called (a compiler,
 * `setup.py`) has said above what it stumbled over, and the frames would push that out of sight.
 */
export function withoutFrames(lines: readonly string[]): readonly string[] {
  if (!lines.at(-1)?.startsWith('subprocess.CalledProcessError: ')) return lines;
  const start = lines.lastIndexOf('Traceback (most recent call last):');
  return start === -1 ? lines : [...lines.slice(0, start), ...lines.slice(-1)];
}

let logs = 0;

function open(file: string): number | undefined {
  try {
    mkdirSync(dirname(file), { recursive: true });
    return openSync(file, 'w');
  } catch {
    return undefined;
  }
}

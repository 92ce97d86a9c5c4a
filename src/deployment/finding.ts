/** What is wrong with a deployment file, for this project. */

export interface Finding {
  /** `error`: the deployment will fail or run something else than meant; `warning`: it works, worse than it could. */
  readonly severity: 'error' | 'warning';
  /** Relative to the project, with slashes. */
  readonly file: string;
  /** From 1; undefined where the finding is about the file as a whole. */
  readonly line?: number;
  /** What is so, and what comes of it: one sentence without a full stop. */
  readonly text: string;
  /** What to do, with the words to write. */
  readonly fix: string;
}

/** A line of a text with its number from 1. */
export interface Line {
  readonly number: number;
  readonly text: string;
}

/** The lines of a text without those that are comments as a whole (`#`). */
export function linesOf(text: string): readonly Line[] {
  return text
    .split(/\r?\n/)
    .map((line, at) => ({ number: at + 1, text: line }))
    .filter((line) => !/^\s*#/.test(line.text));
}

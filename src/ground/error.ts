/**
 * Errors meant for the user. Whatever else escapes is a bug, and is printed as one with its stack.
 *
 * Parsers throw `ParseError`; everything that ends a command throws `TercetError` with a stable code.
 */

/** Where in a text something stands: offsets in UTF-16 units, `end` exclusive. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** What an error says beside its message. */
export interface ErrorOptions {
  /** What to do about it: sentences with a command in them, without `hint:`. Default: none. */
  readonly hints?: readonly string[];
  /** The process's exit code. Default: 1, as in Poetry. */
  readonly exitCode?: number;
  /** Facts for `--json` and for renderers. */
  readonly detail?: Readonly<Record<string, unknown>>;
  readonly cause?: unknown;
}

/** An error that ends the command with a message, hints and an exit code. */
export class TercetError extends Error {
  /** Stable, searchable name such as `lock-stale` or `hash-mismatch`. */
  readonly code: string;
  readonly hints: readonly string[];
  readonly exitCode: number;
  readonly detail: Readonly<Record<string, unknown>>;

  constructor(code: string, message: string, options: ErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'TercetError';
    this.code = code;
    this.hints = options.hints ?? [];
    this.exitCode = options.exitCode ?? 1;
    this.detail = options.detail ?? {};
  }
}

/** A text that does not follow its grammar. `source` and `span` let a renderer mark the place. */
export class ParseError extends Error {
  readonly source: string;
  readonly span: Span | undefined;

  constructor(message: string, source: string, span?: Span) {
    super(message);
    this.name = 'ParseError';
    this.source = source;
    this.span = span;
  }
}

/**
 * What a use case reports while it works. The engine never prints: `render/` folds these events into
 * a terminal's live region, plain lines or JSON. Fields are plain strings and numbers in base units.
 */

export type OperationKind = 'install' | 'update' | 'downgrade' | 'uninstall';

/** One operation on an environment, as it is shown. */
export interface OperationLabel {
  readonly kind: OperationKind;
  readonly name: string;
  /** Version as shown: `1.0`, `1.0 /abs/path` for direct origins. */
  readonly version: string;
  /** The installed version, for update and downgrade. */
  readonly from?: string;
  /** Why nothing is done: `Already installed`, `Not required`. */
  readonly skipped?: string;
}

export type Event =
  /** A line of a command's normal output (stdout), at a verbosity of at least `level` (0 normal, 1 -v, 2 -vv, 3 -vvv). */
  | {
      readonly kind: 'line';
      readonly text: string;
      readonly level?: 0 | 1 | 2 | 3;
      readonly style?: 'info' | 'comment';
    }
  /** A notice on stderr, without prefix. */
  | { readonly kind: 'notice'; readonly text: string; readonly level?: 0 | 1 | 2 | 3 }
  /** A warning on stderr, printed as it is (the text holds any `Warning: `). */
  | { readonly kind: 'warning'; readonly text: string }
  /** What a command has found out, for programs (`--json`); people read it in `line`s. `value` is plain JSON. */
  | { readonly kind: 'data'; readonly name: string; readonly value: unknown }
  | { readonly kind: 'resolve-started' }
  /** What is being looked at: counts for the live line. */
  | { readonly kind: 'resolve-progressed'; readonly project: string; readonly decided: number; readonly asked: number }
  | { readonly kind: 'resolve-finished'; readonly milliseconds: number; readonly packages: number }
  | {
      readonly kind: 'plan';
      readonly installs: number;
      readonly updates: number;
      readonly removals: number;
      readonly skipped: number;
      readonly dryRun: boolean;
    }
  | { readonly kind: 'operation-started'; readonly operation: OperationLabel }
  | { readonly kind: 'operation-finished'; readonly operation: OperationLabel }
  | { readonly kind: 'operation-failed'; readonly operation: OperationLabel }
  | {
      readonly kind: 'download-started';
      readonly file: string;
      readonly project: string;
      readonly bytes: number | undefined;
    }
  | { readonly kind: 'download-progressed'; readonly file: string; readonly bytes: number }
  | { readonly kind: 'download-finished'; readonly file: string; readonly bytes: number }
  | { readonly kind: 'upload-started'; readonly file: string }
  /** `bytes` of the `total` that the request has. */
  | { readonly kind: 'upload-progressed'; readonly file: string; readonly bytes: number; readonly total: number }
  | {
      readonly kind: 'upload-finished';
      readonly file: string;
      readonly outcome: 'uploaded' | 'exists' | 'failed';
    }
  | { readonly kind: 'build-started'; readonly project: string }
  /** A line that a build backend has printed. */
  | { readonly kind: 'build-output'; readonly project: string; readonly line: string }
  | { readonly kind: 'build-finished'; readonly project: string };

/** The only channel from a use case to the user. */
export type Emit = (event: Event) => void;

/** What an archive writer takes: files in the order in which they are to stand in the archive. */

export interface ArchiveEntry {
  /** Relative, with `/` between segments. */
  readonly path: string;
  /** Whether it may be executed: mode 0755, else 0644. */
  readonly executable: boolean;
  /** Bits of the mode beyond these: set-user-id, set-group-id, sticky. Default: none. */
  readonly special?: number;
  /** The mode in a zip archive has no type of a file, which readers take for a regular one. Default: false. */
  readonly untyped?: boolean;
  readonly contents: Uint8Array;
}

/** The permission bits of an entry. */
export function modeOf({ executable, special = 0 }: Pick<ArchiveEntry, 'executable' | 'special'>): number {
  return special | (executable ? 0o755 : 0o644);
}

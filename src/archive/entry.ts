/** What an archive writer takes: files in the order in which they are to stand in the archive. */

export interface ArchiveEntry {
  /** Relative, with `/` between segments. */
  readonly path: string;
  /** Whether it may be executed: mode 0755, else 0644. */
  readonly executable: boolean;
  readonly contents: Uint8Array;
}

/** The permission bits of an entry, the only two that are written. */
export function modeOf(entry: Pick<ArchiveEntry, 'executable'>): number {
  return entry.executable ? 0o755 : 0o644;
}

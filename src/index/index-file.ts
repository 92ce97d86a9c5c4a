/** One file of a release, as an index lists it (PEP 503, 592, 658, 691, 700). */

export interface IndexFile {
  /** File name. */
  readonly file: string;
  /** Absolute, without fragment. */
  readonly url: string;
  /** Hexadecimal digests by algorithm; may be empty. */
  readonly hashes: Readonly<Record<string, string>>;
  /** Bytes, where the index says. */
  readonly size?: number | undefined;
  readonly requiresPython?: string | undefined;
  /** True, or the reason. */
  readonly yanked: boolean | string;
  /** ISO 8601, as published. */
  readonly uploadTime?: string | undefined;
  /** Whether `<url>.metadata` is advertised, and with which hashes (PEP 658, 714). */
  readonly coreMetadata: boolean | Readonly<Record<string, string>>;
}

/** True where the file has been withdrawn (an empty reason counts). */
export function isYanked({ yanked }: Pick<IndexFile, 'yanked'>): boolean {
  return yanked !== false;
}

export function isWheel(file: string): boolean {
  return file.endsWith('.whl');
}

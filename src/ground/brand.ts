/**
 * Strings with a meaning: a branded string has passed the one check that may construct it, so that code
 * further in need not check again.
 */

declare const brand: unique symbol;

/** `T` with the mark `Name`; made only by the parser that checks it. */
export type Brand<T, Name extends string> = T & { readonly [brand]: Name };

/** A file-system path that starts at the root. */
export type AbsolutePath = Brand<string, 'AbsolutePath'>;

/** Lower-case hexadecimal SHA-256 digest, 64 characters, without the `sha256:` prefix. */
export type Sha256 = Brand<string, 'Sha256'>;

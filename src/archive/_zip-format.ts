/** The records of a zip file: what each begins with, and how many bytes it has before its texts. APPNOTE.TXT, 4.3. */

/** In front of an entry's data (4.3.7). */
export const LOCAL = 0x04034b50;
export const LOCAL_LENGTH = 30;
/** Behind an entry's data, where its sizes were not known before; it may go without (4.3.9). */
export const DESCRIPTOR = 0x08074b50;
/** An entry of the central directory (4.3.12). */
export const CENTRAL = 0x02014b50;
export const CENTRAL_LENGTH = 46;
/** The end of the central directory (4.3.16), and what stands before it in large archives (4.3.14, 4.3.15). */
export const END = 0x06054b50;
export const END_LENGTH = 22;
export const END_64 = 0x06064b50;
export const LOCATOR_64 = 0x07064b50;

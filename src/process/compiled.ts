/** True in the executable, whose modules lie in a file system of their own; false where the program runs from its sources. */
export const isCompiled = import.meta.url.includes('$bunfs') || import.meta.url.includes('~BUN');

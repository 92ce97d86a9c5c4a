/** Parts of a file's path in a wheel, which has `/` on every system: faster than what knows every system's paths. */

/** The path's first name. */
export function topOf(path: string): string {
  const slash = path.indexOf('/');
  return slash < 0 ? path : path.slice(0, slash);
}

/** The folder of a file that is in one. */
export function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/'));
}

/** Addresses of files as Python's `Path.as_uri` writes them: what is no letter, digit or one of `_.-~` is escaped. */

/** @param path absolute, of Unix or of Windows */
export function fileUrl(path: string): string {
  const quoted = path.replaceAll('\\', '/').split('/').map(quote).join('/');
  return `file://${quoted.startsWith('/') ? '' : '/'}${quoted}`;
}

function quote(segment: string): string {
  if (/^[A-Za-z]:$/.test(segment)) return segment;
  return encodeURIComponent(segment).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
}

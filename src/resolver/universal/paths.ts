/** Paths as plain texts with `/`: joined and normalised without looking at a disk. */

/** `path` seen from `base`, with `.` and `..` resolved as far as the text allows; `.` for the base itself. */
export function joinPath(base: string, path: string): string {
  const text = path.replaceAll('\\', '/');
  const whole = isAbsolute(text) || base === '' ? text : `${base}/${text}`;
  const prefix = /^(?:[A-Za-z]:)?\//.exec(whole)?.[0] ?? '';
  const kept: string[] = [];
  for (const part of whole.slice(prefix.length).split('/')) {
    if (part === '' || part === '.') continue;
    if (part === '..' && kept.length > 0 && kept.at(-1) !== '..') kept.pop();
    else if (part !== '..' || prefix === '') kept.push(part);
  }
  return prefix + kept.join('/') || '.';
}

function isAbsolute(path: string): boolean {
  return path.startsWith('/') || /^[A-Za-z]:\//.test(path);
}

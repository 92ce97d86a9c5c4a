/** The INI dialect of Python's `configparser`, as `setup.cfg` uses it: indented lines continue a value, `#` and `;` begin comments. */

/** Sections, each with its keys as written. A line that is neither is left out. */
export function readIni(text: string): ReadonlyMap<string, ReadonlyMap<string, string>> {
  const sections = new Map<string, Map<string, string>>();
  let section: Map<string, string> | undefined;
  let key: string | undefined;
  for (const raw of text.replace(/^\ufeff/, '').split(/\r\n|\r|\n/)) {
    if (/^\s*[#;]/.test(raw)) continue;
    const indented = /^\s+\S/.test(raw);
    if (indented && key !== undefined) {
      section?.set(key, `${section.get(key) ?? ''}\n${raw.trim()}`);
      continue;
    }
    const header = /^\[([^\]]+)\]\s*$/.exec(raw);
    if (header !== null) {
      const name = (header[1] ?? '').trim();
      section = sections.get(name) ?? new Map();
      sections.set(name, section);
      key = undefined;
      continue;
    }
    const pair = /^([^\s=:][^=:]*?)\s*[=:]\s*(.*)$/.exec(raw);
    if (pair === null || section === undefined) continue;
    key = pair[1] ?? '';
    section.set(key, (pair[2] ?? '').trim());
  }
  return sections;
}

/** The items of a value that has one in each line. */
export function iniLines(value: string | undefined): string[] {
  return (value ?? '')
    .split('\n')
    .map((line) => line.replace(/\s#.*$/, '').trim())
    .filter((line) => line !== '' && !line.startsWith('#'));
}

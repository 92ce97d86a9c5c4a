/** Travis CI, GitHub Actions and GitLab CI: the Pythons they name. */

import { type Finding, linesOf } from './finding.ts';
import { allowsPython, type ProjectFacts } from './project-facts.ts';

/** Judges one file. Read by lines, since the place is to be shown and a version like 3.10 is only a text before YAML reads it. */
export function checkCi(file: string, text: string, { manifest }: ProjectFacts): readonly Finding[] {
  const found: Finding[] = [];
  let list: { readonly indent: number } | undefined;
  for (const { number, text: line } of linesOf(text)) {
    const indent = line.length - line.trimStart().length;
    const key = /^\s*-?\s*(?:python|python-version|python_version|PYTHON_VERSION):\s*(.*)$/.exec(line);
    const item = list !== undefined && indent >= list.indent ? /^\s*-\s+(.+)$/.exec(line) : null;
    if (key === null && item === null) {
      if (line.trim() !== '' && (list === undefined || indent <= list.indent)) list = undefined;
      const image = /^\s*image:\s*['"]?(?:\S*\/)?python:(\d+(?:\.\d+)*)/.exec(line)?.[1];
      if (image !== undefined) judge(image, true, number);
      continue;
    }
    const value = (key?.[1] ?? item?.[1] ?? '').replace(/\s+#.*$/, '').trim();
    if (key !== null) list = value === '' ? { indent } : undefined;
    for (const one of value.replace(/^\[|\]$/g, '').split(',')) {
      const quoted = /^\s*(['"]?)(\d+(?:\.\d+)*)\1\s*$/.exec(one);
      if (quoted !== null) judge(quoted[2] ?? '', quoted[1] !== '', number);
    }
  }
  return found;

  function judge(version: string, isText: boolean, line: number): void {
    if (!isText && /^\d+\.\d*0$/.test(version)) {
      const read = String(Number(version));
      const says = `YAML reads ${version} as the number ${read}`;
      found.push({ severity: 'error', file, line, text: says, fix: `put it in quotes: '${version}'` });
    }
    if (!allowsPython(manifest.python, version)) {
      const says = `Python ${version} is not allowed by the project (${manifest.pythonVersions})`;
      found.push({ severity: 'error', file, line, text: says, fix: 'take it out, or widen requires-python' });
    }
  }
}

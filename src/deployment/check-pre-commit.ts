/** `.pre-commit-config.yaml`: Poetry's hooks. */

import { type Finding, linesOf } from './finding.ts';

/** Judges the file. */
export function checkPreCommit(file: string, text: string): readonly Finding[] {
  const found: Finding[] = [];
  let repo = '';
  for (const { number, text: line } of linesOf(text)) {
    repo = /^\s*-?\s*repo:\s*['"]?([^'"\s]+)/.exec(line)?.[1] ?? repo;
    if (!/python-poetry\/poetry(?:\.git)?$/.test(repo)) continue;
    const rev = /^\s*rev:\s*['"]?([^'"\s]+)/.exec(line)?.[1];
    if (rev !== undefined && !/^v?\d/.test(rev)) {
      const says = `the revision \`${rev}\` moves: what is checked today is another program tomorrow`;
      found.push({ severity: 'warning', file, line: number, text: says, fix: 'name a tag' });
    }
    if (/^\s*-\s*id:\s*['"]?poetry-export\b/.test(line)) {
      const says = "Poetry's repository has no hook poetry-export since 2.0: pre-commit stops";
      found.push({
        severity: 'error',
        file,
        line: number,
        text: says,
        fix: 'take the hook of the same id from the repository of tercet',
      });
    }
  }
  return found;
}

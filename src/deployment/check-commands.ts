/** Commands of Poetry in any deployment file: those that only Poetry of 2019 knew, and those that forget what production means. */

import { type Finding, linesOf } from './finding.ts';

interface Rule {
  readonly pattern: RegExp;
  readonly severity: Finding['severity'];
  readonly text: string;
  readonly fix: string;
  /** Holds for Poetry, not for tercet under its name. Default: false. */
  readonly poetryOnly?: boolean;
}

const RULES: readonly Rule[] = [
  {
    pattern: /get-poetry\.py/,
    severity: 'error',
    text: 'get-poetry.py was retired: what it printed since is piped into Python',
    fix: 'pipe get-tercet.py of your release host into python, with --as-poetry where scripts call poetry',
  },
  {
    pattern: /install\.python-poetry\.org|install-poetry\.py/,
    severity: 'warning',
    text: 'the newest Poetry is installed, whatever it is on the day',
    fix: 'name a version (--version X.Y.Z), or install tercet with TERCET_VERSION',
  },
  {
    pattern: /\bpip3? install (?:-\S+ )*(?:--\S+ )*poetry\s*(?:$|[&;|])/,
    severity: 'warning',
    text: 'the newest Poetry is installed, whatever it is on the day, into the same environment as the application',
    fix: 'pip install tercet==X.Y.Z, which needs nothing of that environment',
  },
  {
    pattern: /\bpoetry\b.*\s--no-dev\b/,
    severity: 'error',
    text: 'Poetry 2 refuses --no-dev (tercet takes it)',
    fix: 'write --only main, which both know',
    poetryOnly: true,
  },
  {
    pattern: /\bpoetry\s+self:update\b/,
    severity: 'error',
    text: 'Poetry 2 refuses self:update (tercet takes it)',
    fix: 'install a version that is named, and never update it on the way',
    poetryOnly: true,
  },
  {
    pattern: /\bpoetry\s+shell\b/,
    severity: 'error',
    text: 'Poetry 2 has no shell command, and a script would wait in it for ever',
    fix: 'put `poetry run` before each command',
  },
  {
    pattern: /\b(?:poetry|tercet)\s+(?:update|lock\s*(?:$|[&;|]))/,
    severity: 'warning',
    text: 'versions are chosen anew while deploying, so that what runs is not what was tested',
    fix: 'lock before you commit, and install the lock here',
  },
];

/** Judges each line of the file. A file that speaks of tercet is taken to mean it where it says `poetry`. */
export function checkCommands(file: string, text: string): readonly Finding[] {
  const rules = /tercet/.test(text) ? RULES.filter(({ poetryOnly }) => poetryOnly !== true) : RULES;
  return linesOf(text).flatMap((line) =>
    rules
      .filter(({ pattern }) => pattern.test(line.text))
      .map(({ severity, text, fix }): Finding => ({ severity, file, line: line.number, text, fix })),
  );
}

import { expect, test } from 'bun:test';
import { extraName } from '../names/name.ts';
import { parseConstraint } from '../versions/poetry-constraint.ts';
import { formatRange } from '../versions/version-range.ts';
import { glimpse } from './glimpse.ts';

const environments = { python: parseConstraint('>=3.10'), extras: [extraName('cli')] };
const seen = (line: string): string | undefined => {
  const found = glimpse(line, environments);
  return found && `${found.name}[${found.extras.join()}] ${formatRange(found.constraint)}`;
};

test.each([
  ['demo', 'demo[] *'],
  ['Demo[b,a] (>=1,<2) ; sys_platform == "win32"', 'demo[a,b] >=1,<2'],
  ['demo; python_version < "3.10"', undefined],
  ['demo; python_version < "3.11"', 'demo[] *'],
  ['demo; python_version < "3.10" and sys_platform == "win32"', undefined],
  ['demo; python_version < "3.10" or sys_platform == "win32"', 'demo[] *'],
  ['demo; extra == "cli"', 'demo[] *'],
  ['demo; extra == "docs"', undefined],
  ['demo; (extra == "docs" or extra == "CLI") and python_version > "3.9"', 'demo[] *'],
  ['demo; extra != "docs"', 'demo[] *'],
  ['demo; "win" in sys_platform', 'demo[] *'],
  ['demo; nonsense == "x"', undefined],
  ['demo (', undefined],
])('%s', (line, expected) => {
  expect(seen(line)).toBe(expected);
});

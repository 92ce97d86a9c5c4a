import { describe, expect, test } from 'bun:test';
import { readFileSync } from 'node:fs';
import { readToml } from '../toml/read.ts';
import { readSources } from './_sources.ts';
import { type CheckFacts, checkManifest } from './check.ts';

const recorded = readFileSync(new URL('./fixtures/checked.jsonl', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as { text: string; said: string });

function said(text: string, facts: Partial<CheckFacts> = {}): string {
  const toml = readToml(text, 'x');
  const tool = toml.tool as { poetry?: { source?: unknown } } | undefined;
  const found = checkManifest(toml, {
    exists: (path) => path === 'README.md',
    sources: readSources(tool?.poetry?.source),
    lock: undefined,
    ...facts,
  });
  const lines = [
    ...found.errors.map((each) => `Error: ${each}\n`),
    ...found.warnings.map((each) => `Warning: ${each}\n`),
  ];
  return lines.length === 0 ? 'All set!\n' : lines.join('');
}

test.each(recorded)('says what Poetry 2.5.1 says, project %#', ({ text, said: theirs }) => {
  expect(said(text)).toBe(theirs);
});

describe('the lock', () => {
  const project = '[project]\nname = "a"\nversion = "1"\n';
  test.each([
    [{ lock: 'fresh' }, 'All set!\n'],
    [
      { lock: 'stale' },
      'Error: pyproject.toml changed significantly since poetry.lock was last generated. Run `poetry lock` to fix the lock file.\n',
    ],
    [{ requireLock: true }, 'Error: poetry.lock was not found.\n'],
  ] as [Partial<CheckFacts>, string][])('%j', (facts, expected) => {
    expect(said(project, facts)).toBe(expected);
  });
});

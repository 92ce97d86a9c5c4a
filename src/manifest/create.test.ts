import { expect, test } from 'bun:test';
import { readFileSync } from 'node:fs';
import { createManifest, packagePath } from './create.ts';
import type { Addition } from './edit.ts';

type Wishes = Readonly<Record<string, Addition['wish']>>;
interface Golden {
  readonly layout: string;
  readonly name: string;
  readonly version: string;
  readonly description: string;
  readonly author: string | null;
  readonly license: string | null;
  readonly python: string | null;
  readonly readme: boolean;
  readonly dependencies: Wishes;
  readonly dev: Wishes;
  readonly existing: string | null;
  readonly expected: string;
}

const goldens = readFileSync(new URL('./fixtures/created.jsonl', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as Golden);
const additions = (wishes: Wishes): Addition[] => Object.entries(wishes).map(([name, wish]) => ({ name, wish }));

test.each(goldens)('writes what Poetry 2.5.1 writes, project %#', (golden) => {
  const { layout, name, version, description, author, license, python, readme } = golden;
  const text = createManifest(
    {
      ...{ name, version, description, layout: layout === 'src' ? 'src' : 'flat' },
      ...(author && { author }),
      ...(license && { license }),
      ...(python && { requiresPython: python }),
      ...(readme && { readme: 'README.md' }),
      dependencies: additions(golden.dependencies),
      devDependencies: additions(golden.dev),
    },
    golden.existing ?? '',
  );
  expect(text).toBe(golden.expected);
});

test('refuses what it cannot write', () => {
  expect(() => createManifest({ name: 'a', layout: 'src', author: 'bad <' })).toThrow('Invalid author: bad <');
  expect(() => createManifest({ name: 'a', layout: 'src' }, '[build-system]\n')).toThrow(
    'Key "build-system" already exists.',
  );
});

test('dots make folders', () => {
  expect(packagePath('Acme.my-tool')).toEqual(['acme', 'my_tool']);
});

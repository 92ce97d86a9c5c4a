import { expect, test } from 'bun:test';
import { readToml } from '../toml/read.ts';
import { putSource, removeSource, writtenSources } from './edit-sources.ts';

const corp = { name: 'corp', url: 'https://index.example/simple/', priority: 'primary' } as const;
const extra = { name: 'extra', url: 'https://extra.example/', priority: 'explicit' } as const;
const sourcesIn = (text: string) => writtenSources(readToml(text, 'pyproject.toml'));

test('the first source comes behind the tables of Poetry', () => {
  const text = `[tool.poetry]
name = "a"

[tool.poetry.dependencies]
python = "*"

[build-system]
requires = ["poetry-core"]
`;
  expect(putSource(text, corp)).toBe(`[tool.poetry]
name = "a"

[tool.poetry.dependencies]
python = "*"

[[tool.poetry.source]]
name = "corp"
url = "https://index.example/simple/"
priority = "primary"

[build-system]
requires = ["poetry-core"]
`);
});

test('without such tables it comes last; PyPI has no address', () => {
  const once = putSource('[project]\nname = "a"\n', corp);
  const twice = putSource(once, { name: 'PyPI', url: undefined, priority: 'supplemental' });
  expect(twice).toBe(`[project]
name = "a"

[[tool.poetry.source]]
name = "corp"
url = "https://index.example/simple/"
priority = "primary"

[[tool.poetry.source]]
name = "PyPI"
priority = "supplemental"

`);
});

test('a source of the same name is changed where it stands, comments stay', () => {
  const text = `# mine
[[tool.poetry.source]]
name = "Corp" # ours
url = "https://old.example/"
secondary = true

[[tool.poetry.source]]
name = "extra"
url = "https://extra.example/"
`;
  expect(putSource(text, corp)).toBe(`# mine
[[tool.poetry.source]]
name = "corp" # ours
url = "https://index.example/simple/"
priority = "primary"

[[tool.poetry.source]]
name = "extra"
url = "https://extra.example/"
`);
});

test('removing one leaves the others, removing the last leaves no trace', () => {
  const text = putSource(putSource('[project]\nname = "a"\n', corp), extra);
  expect(sourcesIn(removeSource(text, 'CORP'))).toEqual([extra]);
  const none = removeSource(removeSource(text, 'corp'), 'extra');
  expect(none).not.toContain('source');
  expect(removeSource(none, 'corp')).toBe(none);
});

test('sources written in one array', () => {
  const text = '[tool.poetry]\nsource = [{name = "corp", url = "https://old.example/"}]\n';
  const changed = putSource(putSource(text, corp), extra);
  expect(sourcesIn(changed)).toEqual([corp, extra]);
  expect(sourcesIn(removeSource(changed, 'corp'))).toEqual([extra]);
  expect(changed).not.toContain('[[');
  expect(sourcesIn(putSource('tool.poetry.source = []\n', corp))).toEqual([corp]);
});

import { describe, expect, test } from 'bun:test';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { readToml } from '../toml/read.ts';
import { contentHash } from './content-hash.ts';
import { isFresh } from './freshness.ts';
import { readLock } from './poetry-lock.ts';

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
/** What is hashed, in place of the hash. */
const hashed = (toml: string, options = {}) => contentHash(readToml(toml, 'x'), (text) => text, options);

describe('contentHash', () => {
  test('known values', () => {
    const empty = readToml('[tool.poetry]\n', 'x');
    expect(contentHash(empty, sha256)).toBe('115cf985d932e9bf5f540555bbdd75decbb62cac81e399375fc19f6277f8c1d8');
    const project = readToml('[project]\nrequires-python = ">=3.9"\n', 'x');
    expect(contentHash(project, sha256)).toBe('356ea28cc0a224833d10ed4e84359208ee6800e346fb0b9d2f6e4702658123d1');
  });

  test.each([
    ['', '{"dependencies": null, "dev-dependencies": null, "extras": null, "source": null}'],
    ['[project]\nname = "x"\n', '{"dependencies": null, "dev-dependencies": null, "extras": null, "source": null}'],
    ['[project]\ndependencies = []\n', '{"project": {"dependencies": []}, "tool": {"poetry": {}}}'],
    [
      '[dependency-groups]\nB = ["b"]\na = []\n',
      '{"dependency-groups": {"B": ["b"], "a": []}, "tool": {"poetry": {}}}',
    ],
    [
      '[tool.poetry.group.x]\noptional = true\n',
      '{"dependencies": null, "dev-dependencies": null, "extras": null, "group": {"x": {"optional": true}}, "source": null}',
    ],
    [
      '[project]\nrequires-python = ">=3.9"\n[tool.poetry.dependencies]\n"é" = "\\u007f🎉\\"\\n"\n',
      '{"project": {"requires-python": ">=3.9"}, "tool": {"poetry": {"dependencies": {"\\u00e9": "\\u007f\\ud83c\\udf89\\"\\n"}}}}',
    ],
    [
      '[project]\nrequires-python = "x"\n[tool.poetry.extras]\na = [1, 1.5, 1e300]\n',
      '{"project": {"requires-python": "x"}, "tool": {"poetry": {"extras": {"a": [1, 1.5, 1e+300]}}}}',
    ],
  ])('%j', (toml, expected) => {
    expect(hashed(toml)).toBe(expected);
  });

  test('without groups, as before Poetry 2.3', () => {
    expect(hashed('[dependency-groups]\na = []\n', { withoutGroups: true })).toBe(hashed(''));
  });

  test('refuses dates, which Poetry cannot hash', () => {
    expect(() => hashed('[tool.poetry.extras]\na = [2020-01-01]\n')).toThrow('Dates and times');
  });
});

describe('isFresh', () => {
  const toml = readToml('[project]\nrequires-python = ">=3.9"\n[dependency-groups]\ndev = ["a"]\n', 'x');
  const now = contentHash(toml, sha256);
  const before = contentHash(toml, sha256, { withoutGroups: true });

  test.each([
    ['the present hash', now, 'Poetry 2.5.1', true],
    ['the present hash, whoever wrote it', now, undefined, true],
    ['the old hash of an old Poetry', before, 'Poetry 2.2.1', true],
    ['the old hash of an older Poetry', before, 'Poetry 1.8.3', true],
    ['the old hash of a new Poetry', before, 'Poetry 2.3.0', false],
    ['the old hash of no one', before, undefined, false],
    ['the old hash of a strange version', before, 'Poetry x.y', false],
    ['another hash', '00', 'Poetry 2.0.0', false],
    ['no hash', undefined, 'Poetry 2.5.1', false],
  ])('%s', (_, contentHash, generator, fresh) => {
    expect(isFresh({ contentHash, generator }, toml, sha256)).toBe(fresh);
  });

  test('locks by Poetry belong to their projects', () => {
    const lines = readFileSync(new URL('./fixtures/locks.jsonl', import.meta.url), 'utf8')
      .trim()
      .split('\n');
    for (const line of lines) {
      const { pyproject, lock } = JSON.parse(line) as { pyproject: string; lock: string };
      expect(isFresh(readLock(lock), readToml(pyproject, 'x'), sha256)).toBe(true);
      expect(isFresh(readLock(lock), readToml(`${pyproject}\n[dependency-groups.x]\n`, 'x'), sha256)).toBe(false);
    }
  });
});

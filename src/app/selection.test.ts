import { describe, expect, test } from 'bun:test';
import { readManifest } from '../manifest/read.ts';
import { selectExtras, selectGroups } from './selection.ts';

const manifest = readManifest(`
[project]
name = "demo"
version = "1"
dependencies = ["a"]
[project.optional-dependencies]
fast = ["b"]
nice-looking = ["c"]
[dependency-groups]
dev = ["d"]
[tool.poetry.group.docs]
optional = true
[tool.poetry.group.docs.dependencies]
e = "*"
`);

const none = { with: [], without: [], only: [] };

describe('selectGroups', () => {
  test.each([
    [{}, ['main', 'dev']],
    [{ with: ['docs'] }, ['main', 'dev', 'docs']],
    [{ with: ['Docs, dev'], without: ['main'] }, ['dev', 'docs']],
    [{ without: ['docs', 'dev'], with: ['dev'] }, ['main']],
    [{ only: ['main'] }, ['main']],
    [{ only: ['dev,docs'] }, ['dev', 'docs']],
    [{ defaults: 'all' as const }, ['main', 'dev', 'docs']],
  ])('%p', (options, groups) => {
    const selected = selectGroups(manifest, { ...none, ...options });
    expect(selected.groups.map(String).sort()).toEqual([...groups].sort());
    expect(selected.warnings).toEqual([]);
  });

  test('--only wins, with a warning', () => {
    expect(selectGroups(manifest, { ...none, only: ['dev'], with: ['docs'] }).warnings).toHaveLength(1);
  });

  test('unknown groups', () => {
    const options = { with: ['x'], without: ['x', 'w'], only: ['dev'] };
    expect(() => selectGroups(manifest, options)).toThrow(
      'Group(s) not found: w (via --without), x (via --with, --without)',
    );
  });

  test('no name is the name of no group: an empty variable does not stand for all of them', () => {
    expect(() => selectGroups(manifest, { ...none, only: [''] })).toThrow('Group(s) not found:  (via --only)');
    expect(() => selectGroups(manifest, { ...none, without: ['dev,'] })).toThrow(
      'Group(s) not found:  (via --without)',
    );
  });
});

test('selectExtras', () => {
  expect(selectExtras(manifest, ['fast Nice_Looking', 'fast'], false).map(String)).toEqual(['fast', 'nice-looking']);
  expect(selectExtras(manifest, [], true)).toHaveLength(2);
  expect(() => selectExtras(manifest, ['slow'], false)).toThrow('Extra [slow] is not specified.');
});

/** What requirements of a project on its own extras come to. */

import { describe, expect, test } from 'bun:test';
import { formatRequirement } from '../requirements/pep508.ts';
import type { Requirement } from '../requirements/requirement.ts';
import { ManifestError } from './manifest-error.ts';
import { readManifest } from './read.ts';

function project(lines: string): string {
  return `[project]\nname = "Demo.App"\nversion = "1.0"\nrequires-python = ">=3.9"\ndependencies = ["base"]\n${lines}`;
}

/** `text` of each requirement, with the extras that it is in. */
const shown = (requirements: readonly Requirement[] = []) =>
  requirements.map((one) => [formatRequirement({ ...one, inExtras: [] }), ...one.inExtras].join(' in '));

function groups(lines: string): Readonly<Record<string, readonly string[]>> {
  return Object.fromEntries(
    readManifest(project(lines)).groups.map(({ name, requirements }) => [name, shown(requirements)]),
  );
}

const EXTRAS = '[project.optional-dependencies]\na = ["x>=1", "y; sys_platform == \'win32\'"]\nb = ["z"]\n';

describe('a requirement on extras of the project itself', () => {
  test('in another extra stands for their requirements', () => {
    const lines = `${EXTRAS}all = ["demo_app[b,a]", "more"]\n`;
    expect(groups(lines).main?.slice(4)).toEqual([
      'x (>=1) in all',
      'y ; sys_platform == "win32" in all',
      'z in all',
      'more in all',
    ]);
  });

  test('is needed where both it and the requirement are', () => {
    const lines = `${EXTRAS}all = ["demo-app[a]; python_version < '3.12'"]\n`;
    expect(groups(lines).main?.slice(4)).toEqual([
      'x (>=1) ; python_version < "3.12" in all',
      'y ; sys_platform == "win32" and python_version < "3.12" in all',
    ]);
  });

  test('may lead on to further ones, and in a circle', () => {
    const lines = `${EXTRAS}c = ["demo-app[b,d]"]\nd = ["demo-app[c]", "w"]\n`;
    expect(groups(lines).main?.slice(4)).toEqual(['z in c', 'w in c', 'z in d', 'w in d']);
  });

  test('in a group stands for them without condition', () => {
    const lines = `${EXTRAS}[dependency-groups]\ntest = ["demo-app[a]", "t"]\ndev = [{ include-group = "test" }]\n`;
    const test = ['x (>=1)', 'y ; sys_platform == "win32"', 't'];
    expect(groups(lines)).toMatchObject({ test, dev: test });
    const { requirements = [] } = readManifest(project(lines)).groups[1] ?? {};
    expect(requirements.map(({ optional }) => optional)).toEqual([false, false, false]);
  });

  test('carries the detail that [tool.poetry] adds', () => {
    const lines = `${EXTRAS}all = ["demo-app[b]"]\n[tool.poetry.dependencies]\nz = { version = "<9", source = "corp" }\n`;
    const { requirements = [] } =
      readManifest(project(`${lines}[[tool.poetry.source]]\nname = "corp"\nurl = "https://index.example/simple/"\n`))
        .groups[0] ?? {};
    expect(requirements.filter(({ name }) => name === 'z').map(({ source }) => source)).toEqual(['corp', 'corp']);
  });

  test('stays as it is in metadata', () => {
    const lines = `${EXTRAS}all = ["demo-app[a]"]\n`;
    expect(shown(readManifest(project(lines)).groups[0]?.declared).at(-1)).toBe('demo-app[a] in all');
  });

  test('that does not exist is told when somebody wants to lock', () => {
    const manifest = readManifest(project(`${EXTRAS}all = ["demo-app[c]"]\n`));
    expect(() => manifest.groups[0]?.requirements).toThrow(ManifestError);
    expect(() => manifest.groups[0]?.requirements).toThrow('demo-app[c] is required, but there is no extra c.');
  });
});

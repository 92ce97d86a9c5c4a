import { describe, expect, test } from 'bun:test';
import { project, resolved, type SearchOptions, summary, type Universe } from '../_universe.ts';

/** What is unmet: kind, who requires, what, and for instance where. */
function gapsOf(manifest: string, universe: Universe, options: SearchOptions = {}): readonly string[] {
  return resolved(manifest, universe, options).gaps.map(({ kind, locked, requirement, groups, extras, environment }) =>
    [
      kind,
      `${locked?.name ?? 'project'} -> ${requirement.name}`,
      groups.join('+'),
      extras.join('+'),
      `${environment.sys_platform} ${environment.python_version}`,
    ].join(', '),
  );
}

const withExtra = (dependencies: readonly string[], extra: readonly string[]) =>
  project(dependencies, `[project.optional-dependencies]\nx = ${JSON.stringify(extra)}\n`, '>=3.12,<3.13');

describe('a lock that Poetry gets wrong', () => {
  const both: Universe = { foo: { '1': ["bar; extra == 'y'"] }, bar: { '1': [] } };

  test('what the project requires on one platform, and in an extra everywhere', () => {
    const manifest = withExtra(["foo[y]; sys_platform == 'win32'"], ['foo[y]']);
    expect(gapsOf(manifest, both)).toEqual(['missing, project -> foo, main, , win32 3.12']);
    const repaired = resolved(manifest, both, { mend: 'all' });
    expect(repaired.gaps).toEqual([]);
    expect(repaired.mended).toHaveLength(1);
    expect(summary(repaired)).toContain('foo 1 ; extra == "x" or sys_platform == "win32"');
    expect(repaired.packages.find(({ name }) => name === 'foo')?.optional).toBe(false);
  });

  test('a release that a package does not allow, chosen before it was known to be reached there: another is found', () => {
    const universe: Universe = {
      elm: { '1': ["ash<=2; sys_platform == 'darwin'", 'yew'] },
      ash: { '1': [], '2': [], '3': [] },
      yew: { '1': [], '2': ['elm'] },
    };
    const { packages, mended, gaps } = resolved(project(["elm; sys_platform == 'win32'", 'ash', 'yew']), universe);
    expect(mended).toMatchObject([
      { kind: 'unfit', locked: { name: 'elm' }, requirement: { name: 'ash' }, environment: { sys_platform: 'darwin' } },
    ]);
    expect(gaps).toEqual([]);
    expect(summary({ packages })).toEqual(['ash 2', 'elm 1', 'yew 2']);
  });

  test('two versions at once, because the runs of two markers and an extra are put together wrongly', () => {
    const universe: Universe = { pine: { '1': ['maple'] }, maple: { '0.9': [], '1.2': [] } };
    const manifest = withExtra(["maple==0.9; sys_platform == 'darwin'", 'pine'], ['maple==0.9']);
    expect(gapsOf(manifest, universe)).toContain('twice, pine -> maple, main, , linux 3.12');
    expect(resolved(manifest, universe, { mend: 'all' }).mended).toEqual([]);
  });
});

describe('what is no gap', () => {
  test('a package whose marker is wider than need: what it lacks there, nobody misses', () => {
    const universe: Universe = {
      a: { '1': ["c; sys_platform == 'linux'"] },
      b: { '1': ["c; sys_platform == 'win32'"] },
      c: { '1': [] },
    };
    expect(gapsOf(project(["a; sys_platform == 'linux'", "b; sys_platform == 'win32'"]), universe)).toEqual([]);
  });

  test('alternatives, groups, extras and requirements on oneself', () => {
    const universe: Universe = {
      a: {
        '1': [
          "c<2; python_version < '3.12'",
          "c>=2; python_version >= '3.12'",
          "a[e]; extra == 'all'",
          "d; extra == 'e'",
        ],
      },
      c: { '1': [], '2': [] },
      d: { '1': ["e; extra == 'none'"] },
    };
    const rest = '[dependency-groups]\nother = ["d; sys_platform == \'linux\'"]\n';
    expect(gapsOf(project(['a[all]'], rest), universe)).toEqual([]);
  });

  test('what is for Pythons that the project does not have', () => {
    const universe: Universe = { a: { '1': ["gone; python_version < '3.9'"] } };
    expect(gapsOf(project(['a'], '', '>=3.9'), universe)).toEqual([]);
  });
});

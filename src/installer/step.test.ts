import { expect, test } from 'bun:test';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { healEnvironment, holdJournal, isHealthy, JOURNAL, type StepPlan } from './step.ts';

/** A site-packages folder of its own. */
function sitePackages(): { readonly folder: string; [Symbol.dispose](): void } {
  const folder = mkdtempSync(join(tmpdir(), 'tercet-step-'));
  return { folder, [Symbol.dispose]: () => rmSync(folder, { recursive: true }) };
}

function planOf(folder: string, name: string, files: number): StepPlan {
  const paths = Array.from({ length: files }, (_, at) => `${name}/module${at}.py`);
  const distInfo = join(folder, `${name}-1.dist-info`);
  return {
    label: `${name} (1)`,
    removes: [distInfo],
    folders: [join(folder, name)],
    creates: [],
    createsIn: [{ folder, paths }],
    distInfo,
  };
}

/** What a step does until its last rename. */
function almost(folder: string, plan: StepPlan, staged: string): void {
  mkdirSync(staged);
  for (const made of plan.folders) mkdirSync(made);
  for (const path of plan.createsIn?.[0]?.paths ?? []) writeFileSync(join(folder, path), '');
}

test('a short plan over a long one is the one that is undone', () => {
  using site = sitePackages();
  const journal = holdJournal(site.folder);
  const long = planOf(site.folder, 'long', 200);
  const first = journal.begin(long);
  almost(site.folder, long, first.staged);
  rmSync(first.staged, { recursive: true });
  const short = planOf(site.folder, 'short', 2);
  almost(site.folder, short, journal.begin(short).staged);
  expect(isHealthy(site.folder)).toBe(false);
  expect(healEnvironment(site.folder)).toEqual(['short (1)']);
  expect(readdirSync(site.folder)).toEqual(['long']);
  expect(isHealthy(site.folder)).toBe(true);
});

test('of a plan that was not written to its end nothing is undone', () => {
  using site = sitePackages();
  const plan = planOf(site.folder, 'one', 5);
  const whole = holdJournal(site.folder);
  whole.begin(plan);
  const name = readdirSync(join(site.folder, JOURNAL)).find((one) => one.endsWith('.json')) ?? '';
  truncateSync(join(site.folder, JOURNAL, name), 40);
  mkdirSync(join(site.folder, 'one'));
  expect(healEnvironment(site.folder)).toEqual([]);
  expect(existsSync(join(site.folder, 'one'))).toBe(true);
  expect(isHealthy(site.folder)).toBe(true);
});

test('an earlier step whose plan still stands is left as it is', () => {
  using site = sitePackages();
  const journal = holdJournal(site.folder);
  const plan = planOf(site.folder, 'one', 3);
  const { staged } = journal.begin(plan);
  almost(site.folder, plan, staged);
  rmSync(staged, { recursive: true });
  mkdirSync(plan.distInfo ?? '');
  expect(healEnvironment(site.folder)).toEqual([]);
  expect(readdirSync(site.folder).sort()).toEqual(['one', 'one-1.dist-info']);
});

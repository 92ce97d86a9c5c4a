import { afterEach, beforeEach, expect, test } from 'bun:test';
import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Environment } from '../environments/environment.ts';
import type { Event } from '../ground/events.ts';
import { type AskedFor, noteUpToDate, standingOf, upToDate } from './up-to-date.ts';

const EVENTS: readonly Event[] = [{ kind: 'line', text: 'Installing dependencies from lock file', style: 'info' }];
let folder: string;
let environment: Environment;
let asked: AskedFor;
let site: string;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'up-to-date-'));
  site = join(folder, 'venv/lib/site-packages');
  mkdirSync(site, { recursive: true });
  const path = join(folder, 'venv');
  const facts = () => Promise.reject(new Error('the short way starts no Python'));
  const factsNow = () => {
    throw new Error('the short way starts no Python');
  };
  environment = { path, python: join(path, 'bin/python'), bin: join(path, 'bin'), kind: 'venv', facts, factsNow };
  asked = {
    manifestPath: join(folder, 'pyproject.toml'),
    lockPath: join(folder, 'poetry.lock'),
    toolVersion: '1.0.0',
    options: { noRoot: false },
  };
  writeFileSync(asked.manifestPath, '[project]\n');
  writeFileSync(asked.lockPath, 'package = []\n');
  await noteUpToDate(environment, standingOf(environment, asked), [site], EVENTS);
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('nothing has changed: what a run would say', () => {
  expect(upToDate(environment, standingOf(environment, asked))).toEqual(EVENTS);
});

const CHANGES: readonly [string, () => void][] = [
  ['the manifest', () => writeFileSync(asked.manifestPath, '[project]\nname = "a"\n')],
  ['the lock', () => writeFileSync(asked.lockPath, 'package = [ ]\n')],
  ['the lock is gone', () => rmSync(asked.lockPath)],
  ['a distribution was added or removed', () => utimesSync(site, 1, 1)],
  ['the folder is gone', () => rmSync(site, { recursive: true })],
  ['the environment was made anew', () => writeFileSync(join(environment.path, 'pyvenv.cfg'), 'home = /elsewhere\n')],
  ['the note is damaged', () => writeFileSync(join(environment.path, '.tercet-up-to-date'), '{"key"')],
];

test.each(CHANGES)('the long way: %s', (_, change) => {
  change();
  expect(upToDate(environment, standingOf(environment, asked))).toBeUndefined();
});

test('the long way: something else is asked for, or by another version', () => {
  expect(upToDate(environment, standingOf(environment, { ...asked, options: { noRoot: true } }))).toBeUndefined();
  expect(upToDate(environment, standingOf(environment, { ...asked, toolVersion: '1.0.1' }))).toBeUndefined();
});

test('a note is of the texts that were read, whatever the files say by then', async () => {
  const standing = standingOf(environment, asked);
  writeFileSync(asked.lockPath, 'package = [ ]\n');
  await noteUpToDate(environment, standing, [site], EVENTS);
  expect(upToDate(environment, standingOf(environment, asked))).toBeUndefined();
});

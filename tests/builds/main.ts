/**
 * Builds packages from the real index, one for each kind of backend, and installs them twice: the second environment must not build again.
 * `npm run builds`; `TERCET_INDEX_URL` names another index than PyPI. Ends with code 1 where one fails whose tools are all here.
 */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createHome, manifestOf } from '../support/run-tercet.ts';

interface Case {
  readonly wish: string;
  readonly backend: string;
  /** Python that proves that the package works. */
  readonly proof: string;
  /** A program without which it cannot be built. */
  readonly needs?: string;
}

const CASES: readonly Case[] = [
  { wish: 'docopt==0.6.2', backend: 'setuptools, setup.py alone, no wheel', proof: 'import docopt; docopt.docopt' },
  { wish: 'toml==0.10.2', backend: 'setuptools, setup.py', proof: 'import toml; toml.loads("a = 1")' },
  { wish: 'pluggy==1.5.0', backend: 'setuptools, pyproject.toml', proof: 'import pluggy; pluggy.PluginManager("x")' },
  { wish: 'attrs==24.2.0', backend: 'hatchling with plug-ins', proof: 'import attrs; attrs.define' },
  { wish: 'typing-extensions==4.12.2', backend: 'flit-core', proof: 'import typing_extensions' },
  { wish: 'exceptiongroup==1.2.2', backend: 'flit-scm', proof: 'import exceptiongroup; exceptiongroup.ExceptionGroup' },
  { wish: 'dep-logic==0.4.9', backend: 'pdm-backend', proof: 'import dep_logic.markers' },
  { wish: 'tomlkit==0.13.2', backend: 'poetry-core', proof: 'import tomlkit; tomlkit.parse("a = 1")' },
  { wish: 'markupsafe==2.1.5', backend: 'setuptools, C extension', proof: 'import markupsafe._speedups', needs: 'cc' },
  { wish: 'pyyaml==6.0.2', backend: 'backend in the tree, Cython', proof: 'import yaml; yaml.safe_load("a: 1")' },
  { wish: 'rpds-py==0.20.0', backend: 'maturin, Rust', proof: 'import rpds; rpds.HashTrieMap()', needs: 'cargo' },
];

interface Outcome {
  readonly kind: 'passed' | 'failed' | 'left out';
  /** Milliseconds of lock, first and second installation. */
  readonly times: readonly number[];
  readonly note: string;
}

/** What a failed build says where it lacks the network. */
const NO_NETWORK = /could not resolve host|spurious network error|failed to download from/i;

async function play({ wish, proof, needs }: Case, cache: string): Promise<Outcome> {
  if (needs !== undefined && Bun.which(needs) === null)
    return { kind: 'left out', times: [], note: `there is no ${needs}` };
  using home = createHome(process.env.TERCET_INDEX_URL);
  home.write('pyproject.toml', manifestOf([wish]));
  const name = wish.split('==')[0] ?? '';
  const env = {
    TERCET_CACHE_DIR: cache,
    POETRY_VIRTUALENVS_OPTIONS_NO_PIP: 'true',
    POETRY_INSTALLER_NO_BINARY: name,
    CARGO_HOME: process.env.CARGO_HOME ?? join(process.env.HOME ?? '', '.cargo'),
    RUSTUP_HOME: process.env.RUSTUP_HOME ?? join(process.env.HOME ?? '', '.rustup'),
  };
  const times: number[] = [];
  for (const args of [
    ['lock'],
    ['install'],
    ['env', 'remove', '--all'],
    ['install', '-v'],
    ['run', 'python', '-c', proof],
  ]) {
    const began = performance.now();
    const { code, stderr } = await home.run(args, { env });
    const note = stderr.trim();
    if (code !== 0) return { kind: NO_NETWORK.test(note) ? 'left out' : 'failed', times, note: lastLines(note) };
    if (args.includes('-v') && note.includes(`${name} | `)) return { kind: 'failed', times, note: 'was built twice' };
    if (args[0] !== 'env' && args[0] !== 'run') times.push(performance.now() - began);
  }
  return { kind: 'passed', times, note: '' };
}

function lastLines(text: string): string {
  const network = text.split('\n').find((line) => NO_NETWORK.test(line));
  return network?.trim() ?? text.split('\n').slice(-12).join('\n');
}

const cache = mkdtempSync(join(tmpdir(), 'tercet-build-cache-'));
const counts = { passed: 0, failed: 0, 'left out': 0 };
console.log('| package | backend | result | lock | install | again |\n| --- | --- | --- | --- | --- | --- |');
try {
  for (const one of CASES) {
    const { kind, times, note } = await play(one, cache);
    counts[kind] += 1;
    const [lock, first, second] = times.map((time) => `${(time / 1000).toFixed(2)} s`);
    console.log(`| ${one.wish} | ${one.backend} | ${kind} | ${lock ?? ''} | ${first ?? ''} | ${second ?? ''} |`);
    if (note !== '') console.log(note.replace(/^/gm, '    '));
  }
} finally {
  rmSync(cache, { recursive: true, force: true });
}
console.log(`${counts.passed} passed, ${counts.failed} failed, ${counts['left out']} left out`);
process.exit(counts.failed === 0 ? 0 : 1);

/**
 * The same attacks on other installers, where they are found: uv and Poetry in the environment of `npm run bench`, or on PATH, and the
 * pip of an interpreter. Passed is what is refused without leaving anything behind.
 */

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { manifestOf } from '../support/run-tercet.ts';
import { type BuiltDistribution, buildWheel } from '../support/wheel-builder.ts';
import { listing, MACHINE } from './bed.ts';
import { type FaultServer, startFaultServer } from './fault-server.ts';
import {
  CONTRADICTIONS,
  DUPLICATE_ATTACKS,
  FRAME_ATTACKS,
  KIND_ATTACKS,
  PATH_ATTACKS,
  type ZipAttack,
} from './zip-attacks.ts';

export type PeerName = 'uv' | 'poetry' | 'pip';
export type Mark = '✔' | '~' | '✘' | ' ';

/** An installer and how it is asked for `alpha`, given an environment and an index. */
interface Peer {
  readonly name: PeerName;
  prepare(project: string, index: string): void;
  readonly argv: (environment: string, index: string) => readonly string[];
}

const bench = join(import.meta.dir, '../../.cache/bench/venv/bin');

/** The installers that are here. */
export function peersHere(): readonly Peer[] {
  const found = (program: string): string | undefined =>
    Bun.which(program, { PATH: `${bench}:${process.env['PATH']}` }) ?? undefined;
  const [uv, poetry] = [found('uv'), found('poetry')];
  const python = (environment: string): string => join(environment, 'bin/python');
  return [
    {
      name: 'pip',
      prepare: () => {},
      argv: (environment, index) => [
        python(environment),
        ...[
          '-m',
          'pip',
          'install',
          '--isolated',
          '--no-cache-dir',
          '--no-deps',
          '--retries',
          '0',
          '--index-url',
          index,
          'alpha',
        ],
      ],
    },
    ...(uv === undefined
      ? []
      : [
          {
            name: 'uv' as const,
            prepare: () => {},
            argv: (environment: string, index: string) => [
              uv,
              ...['pip', 'install', '--no-cache', '--no-deps', '--no-config', '--python', python(environment)],
              ...['--default-index', index, 'alpha'],
            ],
          },
        ]),
    ...(poetry === undefined
      ? []
      : [
          {
            name: 'poetry' as const,
            prepare: (project: string, index: string) =>
              writeFileSync(
                join(project, 'pyproject.toml'),
                manifestOf(['alpha'], `\n[[tool.poetry.source]]\nname = "own"\nurl = "${index}"\n`),
              ),
            argv: () => [poetry, 'install', '--no-interaction', '--no-cache'],
          },
        ]),
  ];
}

/** ✔ where every one of the wheels is refused and leaves nothing, ~ where some are or leave something, ✘ where all get in. */
export async function markOf(peer: Peer, wheels: readonly BuiltDistribution[]): Promise<Mark> {
  const outcomes: Mark[] = [];
  for (const wheel of wheels) {
    await using index = await startFaultServer([wheel]);
    outcomes.push(await outcomeOf(peer, index));
  }
  return outcomes.every((one) => one === '✔') ? '✔' : outcomes.every((one) => one === '✘') ? '✘' : '~';
}

async function outcomeOf(peer: Peer, { url }: FaultServer): Promise<Mark> {
  const folder = mkdtempSync(join(tmpdir(), 'tercet-peer-'));
  try {
    const environment = join(folder, '.venv');
    mkdirSync(join(folder, 'home'));
    // Copies: an installer that writes a script through the link would write into the machine's own Python.
    Bun.spawnSync(['python3', '-m', 'venv', '--copies', environment], { env: { ...process.env, ...MACHINE } });
    peer.prepare(folder, url);
    const [version = ''] = listing(join(environment, 'lib'));
    const state = (): string =>
      JSON.stringify([
        listing(join(environment, 'lib', version, 'site-packages')).filter((name) => name !== '__pycache__'),
        listing(join(environment, 'bin')),
        listing(join(environment, 'lib')),
        listing(environment),
      ]);
    const before = state();
    const env = { ...MACHINE, HOME: join(folder, 'home'), POETRY_VIRTUALENVS_IN_PROJECT: 'true' };
    const child = Bun.spawn([...peer.argv(environment, url)], {
      cwd: folder,
      env,
      stdin: 'ignore',
      stdout: 'ignore',
      stderr: 'ignore',
    });
    const code = await child.exited;
    return code === 0 ? '✘' : state() === before ? '✔' : '~';
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A few wheels for each case that is about what may be installed. */
export function peerAttacks(): ReadonlyMap<number, readonly BuiltDistribution[]> {
  const wheels = (attacks: readonly ZipAttack[]): readonly BuiltDistribution[] => attacks.map(({ wheel }) => wheel);
  const scripts = (name: string) =>
    buildWheel({ name: 'alpha', entryPoints: `[console_scripts]\n${name} = alpha:main\n` });
  const metadata = (name: string): string => `Metadata-Version: 2.1\nName: ${name}\nVersion: 1.0\n\n`;
  return new Map([
    [10, wheels(PATH_ATTACKS.slice(0, 1))],
    [11, wheels(PATH_ATTACKS.filter(({ what }) => /absolute|drive$|a backslash/.test(what)))],
    [12, wheels(KIND_ATTACKS.slice(0, 1))],
    [13, wheels(DUPLICATE_ATTACKS.slice(0, 1))],
    [14, wheels(CONTRADICTIONS.slice(0, 3))],
    [15, wheels(FRAME_ATTACKS.slice(1, 3))],
    [17, [scripts('../../../x')]],
    [18, [scripts('python')]],
    [21, [buildWheel({ name: 'alpha', record: (text) => text.replace(/(alpha\.py,sha256=)./, '$1_') })]],
    [22, [buildWheel({ name: 'alpha', unrecorded: [{ path: 'evil.pth', contents: 'import os' }] })]],
    [23, [{ ...buildWheel({ name: 'alpha', metadata: metadata('beta') }), metadata: metadata('alpha') }]],
  ]);
}

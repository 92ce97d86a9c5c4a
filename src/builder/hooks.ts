/** Calling a hook of a build backend in a process of its own (PEP 517). */

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { childVariables } from '../environments/child-variables.ts';
import type { Environment } from '../environments/environment.ts';
import { runStreaming } from '../process/spawn.ts';
import type { Variables } from '../process/variables.ts';
import type { BuildLog } from './build-log.ts';
import type { BuildSystem } from './build-system.ts';
import { HOOK_SCRIPT } from './hook-script.ts';

export type HookName =
  | 'get_requires_for_build_wheel'
  | 'get_requires_for_build_editable'
  | 'get_requires_for_build_sdist'
  | 'prepare_metadata_for_build_wheel'
  | 'build_wheel'
  | 'build_editable'
  | 'build_sdist';

/** Values for the backend, by name: `installer.build-config-settings.PROJECT`. */
export type ConfigSettings = Readonly<Record<string, string | readonly string[]>>;

export interface HookCall {
  readonly hook: HookName;
  readonly system: BuildSystem;
  /** The source tree: the hook's working directory. */
  readonly tree: string;
  /** Where a wheel or metadata are to be put; the empty text for hooks that put nothing anywhere. */
  readonly into: string;
  readonly settings: ConfigSettings | undefined;
  readonly environment: Environment;
  /** The variables of this process. */
  readonly env: Variables;
  /** A folder for the question and the answer. */
  readonly scratch: string;
  readonly log: BuildLog;
  readonly signal: AbortSignal;
}

/**
 * What the hook returned; undefined where the backend does not have it. Throws `build-failed`, or the signal's reason.
 * `get_requires_…` that is missing returns an empty list, metadata that are missing come from a wheel.
 */
export async function callHook(call: HookCall): Promise<unknown> {
  const { hook, system, scratch, log, signal } = call;
  const script = join(scratch, 'hook.py');
  const question = join(scratch, `${hook}.json`);
  const answer = join(scratch, `${hook}.answer.json`);
  writeFileSync(script, HOOK_SCRIPT);
  writeFileSync(
    question,
    JSON.stringify({
      hook,
      backend: system.backend,
      backendPath: system.backendPath,
      folder: call.into,
      settings: call.settings ?? null,
      answer,
    }),
  );
  const code = await runStreaming(call.environment.python, [script, question], {
    cwd: call.tree,
    env: buildVariables(call.env, call.environment),
    onLine: (line) => log.add(line),
    signal,
  });
  signal.throwIfAborted();
  if (code !== 0) throw log.failure(`\`${hook}\` of ${system.backend} ended with exit code ${code}`);
  const said = JSON.parse(readFileSync(answer, 'utf8')) as {
    readonly noBackend?: string;
    readonly noHook?: true;
    readonly value?: unknown;
  };
  if (said.noBackend !== undefined) throw log.failure(`its backend ${system.backend} cannot be imported`);
  return said.noHook === true ? undefined : said.value;
}

/** Variables that must not reach foreign code: credentials of indexes, the team's key, and what leads Python to other packages. */
const SECRET =
  /^POETRY_(?:HTTP_BASIC|PYPI_TOKEN)_|^TERCET_REMOTE_CACHE|^(?:TERCET_INDEX_URL|POETRY_PYPI_MIRROR_URL|POETRY_REPOSITORIES_.*_URL)$|^(?:PYTHONPATH|PYTHONSTARTUP|PYTHONINSPECT|PIP_REQUIRE_VIRTUALENV)$/;

/** The variables of a process that builds. */
export function buildVariables(env: Variables, environment: Environment): Variables {
  const kept = Object.entries(childVariables(env, environment)).filter(([name]) => !SECRET.test(name));
  return { ...Object.fromEntries(kept), PYTHONNOUSERSITE: '1' };
}

/**
 * The front end of PEP 517 and PEP 660: from a source tree to its metadata or its wheel. What a backend needs is put into an environment
 * by a function that is handed in, so this room knows neither resolver nor index.
 */

import { mkdirSync, mkdtempSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Environment } from '../environments/environment.ts';
import { removeTree } from '../files/remove.ts';
import type { Emit } from '../ground/events.ts';
import type { Variables } from '../process/variables.ts';
import { type BuildLog, openBuildLog } from './build-log.ts';
import { type BuildSystem, readBuildSystem } from './build-system.ts';
import { type ConfigSettings, callHook, type HookName } from './hooks.ts';

export interface BuildRequest {
  /** What is built, for messages: `foo (1.0)`, and its project's name. */
  readonly label: string;
  readonly project: string;
  /** The source tree. */
  readonly tree: string;
  /** Default: what the tree's pyproject.toml says. */
  readonly system?: BuildSystem | undefined;
  /** An environment that has these requirements (PEP 508 texts) and nothing else. */
  readonly provide: (requires: readonly string[]) => Promise<Environment>;
  readonly settings?: ConfigSettings | undefined;
  readonly env: Variables;
  /** The folder that working files are put below, and the one for logs of failed builds. */
  readonly scratchDir: string;
  readonly logDir: string;
  readonly emit: Emit;
  readonly signal: AbortSignal;
}

/** The text of the METADATA that the tree's wheel would have. Throws `build-system-invalid`, `build-failed`, and what `provide` throws. */
export function buildMetadata(request: BuildRequest): Promise<string> {
  return building(request, async (step) => {
    const into = step.folder('metadata');
    const environment = await step.prepare('get_requires_for_build_wheel');
    const named = await step.call('prepare_metadata_for_build_wheel', environment, into);
    const folder = typeof named === 'string' ? basename(named) : '';
    try {
      return readFileSync(join(into, folder, 'METADATA'), 'utf8');
    } catch {
      throw step.log.failure('`prepare_metadata_for_build_wheel` left no METADATA behind');
    }
  });
}

/** What a build leaves behind. */
export type BuildKind = 'wheel' | 'editable' | 'sdist';

/**
 * Builds the tree's wheel, its editable wheel or its sdist into `into` and answers with its path. Throws as `buildMetadata`.
 */
export function buildFile(request: BuildRequest, into: string, kind: BuildKind): Promise<string> {
  return building(request, async (step) => {
    mkdirSync(into, { recursive: true });
    const hook = HOOKS[kind];
    const environment = await step.prepare(`get_requires_for_${hook}`);
    const named = await step.call(hook, environment, into);
    if (named === undefined) {
      throw step.log.failure(`its backend ${step.system.backend} has no hook \`${hook}\``);
    }
    const file = join(into, basename(String(named)));
    const isExpected = file.endsWith(kind === 'sdist' ? '.tar.gz' : '.whl');
    if (!isExpected || statSync(file, { throwIfNoEntry: false })?.isFile() !== true)
      throw step.log.failure(
        `\`${hook}\` left no ${kind === 'sdist' ? kind : 'wheel'} behind (${readdirSync(into).join(', ') || 'nothing'})`,
      );
    return file;
  });
}

const HOOKS = { wheel: 'build_wheel', editable: 'build_editable', sdist: 'build_sdist' } as const;

/** What the steps of one build share. */
interface Step {
  readonly system: BuildSystem;
  readonly log: BuildLog;
  /** A new working folder. */
  folder(name: string): string;
  /** The environment with all that the backend needs for a hook. */
  prepare(hook: HookName): Promise<Environment>;
  call(hook: HookName, environment: Environment, into: string): Promise<unknown>;
}

async function building<T>(request: BuildRequest, work: (step: Step) => Promise<T>): Promise<T> {
  const { label, project, tree, env, emit, signal, settings, provide } = request;
  const system = request.system ?? readBuildSystem(tree, label);
  mkdirSync(request.scratchDir, { recursive: true });
  const scratch = mkdtempSync(join(request.scratchDir, `build-${process.pid}-`));
  const file = join(request.logDir, `${label.replace(/[^A-Za-z0-9._+-]+/g, '-').replace(/-$/, '')}.log`);
  const log = openBuildLog({ label, project, file, emit });
  emit({ kind: 'build-started', project });
  const call: Step['call'] = (hook, environment, into) =>
    callHook({ hook, system, tree, into, settings, environment, env, scratch, log, signal });
  try {
    return await work({
      system,
      log,
      call,
      folder(name) {
        mkdirSync(join(scratch, name));
        return join(scratch, name);
      },
      async prepare(hook) {
        const first = await provide(system.requires);
        const more = await call(hook, first, '');
        if (!Array.isArray(more) || more.length === 0) return first;
        return provide([...new Set([...system.requires, ...more.map(String)])]);
      },
    });
  } finally {
    emit({ kind: 'build-finished', project });
    log.close();
    removeTree(scratch);
  }
}

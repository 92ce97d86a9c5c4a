/**
 * Installing a lock into an environment, and the project itself: select, compare, plan, fetch, apply. Whoever calls has
 * announced the command, and knows that the lock belongs to the manifest.
 */

import { accessSync, constants, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Environment } from '../environments/environment.ts';
import { readInstalled } from '../environments/installed.ts';
import { isRunning } from '../files/is-running.ts';
import { isWritable } from '../files/is-writable.ts';
import type { LinkMode } from '../files/link.ts';
import { type HeldLock, lockFile, tryLockFile } from '../files/lock-file.ts';
import { namesIn } from '../files/names-in.ts';
import { sha256 } from '../files/sha256.ts';
import type { Emit, Event } from '../ground/events.ts';
import type { RemoteCache } from '../http/remote-cache.ts';
import type { Transport } from '../http/transport.ts';
import type { IndexClient } from '../index/client.ts';
import type { ArtifactPorts } from '../installer/artifact.ts';
import type { BinaryPolicies } from '../installer/choose.ts';
import type { Forecast } from '../installer/forecast.ts';
import { countOperations, isSkipped, type Operation, type Plan, planOperations } from '../installer/plan.ts';
import { isHealthy } from '../installer/step.ts';
import { installTarget } from '../installer/target.ts';
import type { Lock, LockedPackage } from '../lock/lock.ts';
import { selectPackages } from '../lock/select.ts';
import type { Manifest } from '../manifest/manifest.ts';
import { type ExtraName, type GroupName, projectName } from '../names/name.ts';
import { asString, asTable, tableAt } from '../toml/read.ts';
import { parseVersion } from '../versions/version.ts';

export interface InstallRequest {
  readonly lock: Lock;
  readonly manifest: Manifest;
  readonly projectDir: string;
  readonly environment: Environment;
  readonly groups: readonly GroupName[];
  readonly extras: readonly ExtraName[];
  /** Remove what is not selected. Default: false. */
  readonly sync?: boolean;
  /** The lock before it was changed; what it had and the new one has not is removed. */
  readonly previous?: Pick<Lock, 'packages'> | undefined;
  /** Packages to be installed in place of those that the lock's groups and markers select. */
  readonly selected?: readonly LockedPackage[] | undefined;
  /** List, change nothing. Default: false. */
  readonly dryRun?: boolean;
  /** Compare what is installed with what was locked, file by file, and install anew what differs. Default: false. */
  readonly verify?: boolean;
  /** Leave out packages that are folders. Default: false. */
  readonly noDirectory?: boolean;
  /** Compile to bytecode. Default: false. */
  readonly compile?: boolean;
  /** Where the environment is new: what it will need. */
  readonly forecast?: Forecast | undefined;
  /** Emit what is skipped, too. Default: false; a dry run always does. */
  readonly verbose?: boolean;
  readonly settings: InstallSettings;
  readonly outside: InstallOutside;
}

export interface InstallSettings extends BinaryPolicies {
  readonly cacheDir: string;
  /** Work with a store of its own that is thrown away. Default: false. */
  readonly noCache?: boolean;
  /** Downloads at the same time. Default: 16. */
  readonly workers?: number | undefined;
  readonly linkMode?: LinkMode | undefined;
}

/** What reaches beyond this machine's disk. Network and index are opened only where something has to be fetched. */
export interface InstallOutside {
  readonly open: () => Promise<{
    readonly client: IndexClient;
    readonly transport: Transport;
    readonly remoteCache?: RemoteCache;
  }>;
  /** Default: packages without a wheel are refused. */
  readonly build?: ArtifactPorts['build'];
  /** Default: nothing has been built before. */
  readonly built?: ArtifactPorts['built'];
  readonly emit: Emit;
  readonly signal: AbortSignal;
}

/** What installer files say of who installed them. */
const INSTALLER = 'Poetry 2.5.1';

/** Installs the lock; the plan that was carried out (or listed). Emits `plan`, operations, downloads. */
export async function installLocked(request: InstallRequest): Promise<Plan> {
  const { environment, outside, dryRun = false } = request;
  const facts = await environment.facts();
  const { purelib, platlib } = facts.paths;
  const selected = new Set(request.selected ?? selectPackages(request.lock, request, facts.markers));
  const planNow = (): Plan =>
    planOperations({
      locked: request.lock.packages,
      selected,
      installed: readInstalled(environment),
      projectDir: request.projectDir,
      root: request.manifest.name,
      sync: request.sync ?? false,
      noDirectory: request.noDirectory ?? false,
      ...(request.previous === undefined ? {} : { previous: request.previous.packages }),
    });
  const showSkipped = dryRun || request.verbose === true;

  // Where nothing is to be done, nothing is opened or written. A lock that has been made before is taken at once: one look is enough then.
  using early = request.verify === true || dryRun ? undefined : heldAtOnce(environment, request);
  const isSound = isHealthy(purelib) && isHealthy(platlib);
  const first = request.verify === true && dryRun ? await verified(planNow(), request) : planNow();
  if (dryRun || (request.verify !== true && first.every(isSkipped) && isSound)) {
    announce(first, dryRun, outside.emit);
    await list(first, request, showSkipped);
    return first;
  }
  using _held = early === undefined ? await holdEnvironment(environment, request) : undefined;
  await heal([purelib, platlib], outside.emit);
  const seen = early !== undefined && isSound ? first : planNow();
  const plan = request.verify === true ? await verified(seen, request) : seen;
  announce(plan, dryRun, outside.emit);
  await carryOut(plan, request, showSkipped);
  return plan;
}

async function verified(plan: Plan, { environment, settings, outside }: InstallRequest): Promise<Plan> {
  const [{ withRepairs }, { openStore }, { tagRanks }, { environmentTags }, facts] = await Promise.all([
    import('./verify.ts'),
    import('../installer/store.ts'),
    import('../tags/tags.ts'),
    import('../installer/environment-tags.ts'),
    environment.facts(),
  ]);
  return withRepairs(plan, {
    installed: readInstalled(environment),
    store: settings.noCache === true ? undefined : openStore(settings.cacheDir),
    ranks: tagRanks(environmentTags(facts)),
    policies: settings,
    emit: outside.emit,
  });
}

export interface RootRequest
  extends Pick<InstallRequest, 'manifest' | 'projectDir' | 'environment' | 'dryRun' | 'settings' | 'outside'> {
  /** Runs the project's build script. */
  readonly runScript: (script: string) => Promise<void>;
}

/**
 * Installs the project itself, editable, and says so. Throws `root-not-found`, `script-invalid`, and what its build throws where
 * `[tool.poetry.build]` asks for one.
 */
export async function installProjectItself(request: RootRequest): Promise<void> {
  const { manifest, environment, outside, projectDir } = request;
  for (const line of rootLines(manifest)) outside.emit(line);
  if (request.dryRun === true) {
    outside.emit({ kind: 'line', text: '' });
    return;
  }
  const build = rootBuild(manifest);
  if (build !== undefined && !build.generatesSetup) await request.runScript(build.script);
  const [{ installRoot }, { editableProject }, target] = await Promise.all([
    import('../installer/root.ts'),
    import('../backend/editable.ts'),
    installTarget(environment),
  ]);
  using _held = await holdEnvironment(environment, request);
  await heal([target.purelib, target.platlib], outside.emit);
  const installed = readInstalled(environment).find(({ name }) => name === manifest.name);
  if (build?.generatesSetup === true) {
    const root = rootPackage(manifest, projectDir);
    const operation: Operation =
      installed === undefined ? { kind: 'install', package: root } : { kind: 'update', package: root, from: installed };
    const emit: Emit = (event) => event.kind.startsWith('operation-') || outside.emit(event);
    await carryOut([operation], { ...request, outside: { ...outside, emit } }, false);
    return;
  }
  const editable = editableProject(manifest, projectDir);
  installRoot({
    manifest,
    editable,
    projectDir,
    target,
    installed,
    warn: (text) => outside.emit({ kind: 'notice', text }),
  });
}

/** `[tool.poetry.build]`, as a text or as a table. */
export function rootBuild({
  toml,
}: Manifest): { readonly script: string; readonly generatesSetup: boolean } | undefined {
  const poetry = tableAt(toml, 'tool', 'poetry');
  const table = asTable(poetry?.build);
  const script = asString(poetry?.build) ?? asString(table?.script);
  return script ? { script, generatesSetup: table?.['generate-setup-file'] === true } : undefined;
}

/** The project as a package that is built as editable from its folder. */
function rootPackage({ prettyName = '', version = '0', pythonVersions }: Manifest, projectDir: string): LockedPackage {
  return {
    name: projectName(prettyName),
    prettyName,
    version: parseVersion(version),
    description: '',
    optional: false,
    pythonVersions,
    groups: [],
    markers: new Map(),
    files: [],
    develop: true,
    requirements: [],
    extras: new Map(),
    source: { type: 'directory', url: projectDir },
  };
}

/** What is said of the project itself. */
export function rootLines({ prettyName, version }: Manifest): readonly Event[] {
  return [
    { kind: 'line', text: '' },
    { kind: 'line', text: `Installing the current project: ${prettyName} (${version})` },
  ];
}

function announce(plan: Plan, dryRun: boolean, emit: Emit): void {
  if (plan.length > 0) emit({ kind: 'plan', ...countOperations(plan), dryRun });
}

/** Emits the operations as if they had been done. */
async function list(plan: Plan, { outside, projectDir }: InstallRequest, showSkipped: boolean): Promise<void> {
  const shown = plan.filter((operation) => showSkipped || !isSkipped(operation));
  if (shown.length === 0) return;
  const { operationLabel } = await import('../installer/operation-label.ts');
  for (const operation of shown) {
    outside.emit({ kind: 'operation-finished', operation: operationLabel(operation, projectDir) });
  }
}

async function carryOut(
  plan: Plan,
  request: Pick<InstallRequest, 'environment' | 'settings' | 'outside' | 'projectDir' | 'compile' | 'forecast'>,
  showSkipped: boolean,
): Promise<void> {
  const { environment, settings, outside, projectDir } = request;
  const [{ applyPlan }, { openWorkingStore }, { tagRanks }, { environmentTags }, facts, target] = await Promise.all([
    import('../installer/apply.ts'),
    import('./working-store.ts'),
    import('../tags/tags.ts'),
    import('../installer/environment-tags.ts'),
    environment.facts(),
    installTarget(environment),
  ]);
  const { store, downloads, isScratch, close } = openWorkingStore({ ...settings, environment });
  sweep(downloads);
  try {
    await applyPlan(plan, {
      target,
      projectDir,
      ranks: tagRanks(environmentTags(facts)),
      policies: settings,
      ports: { ...ports(outside, downloads), store },
      installer: INSTALLER,
      showSkipped,
      compile: request.compile ?? false,
      forecast: request.forecast,
      workers: settings.workers ?? 16,
      linkMode: isScratch && settings.linkMode === 'symlink' ? undefined : settings.linkMode,
      signal: outside.signal,
    });
  } finally {
    close();
  }
}

function ports({ open, build, built, emit }: InstallOutside, directory: string): Omit<ArtifactPorts, 'store'> {
  return {
    files: async ({ name, version, source }, anew) =>
      (await open()).client.files(name, version, source?.type === 'legacy' ? source.reference : undefined, anew),
    offered: async ({ name, source }, file) =>
      (await open()).client.offered(name, file, source?.type === 'legacy' ? source.reference : undefined),
    async download({ url, file, hashes, size }, onProgress, signal) {
      const [{ downloadFile }, { throughRemoteCache }, { transport, remoteCache }] = await Promise.all([
        import('../http/download.ts'),
        import('../http/remote-cache.ts'),
        open(),
      ]);
      const fetched = throughRemoteCache(remoteCache, hashes.sha256, { directory, file, size, onProgress }, () =>
        downloadFile(transport, url, { directory, file, hashes, size, onProgress }),
      );
      return orAborted(fetched, signal);
    },
    async nearby({ file, sha256 }, onProgress, signal) {
      const { remoteCache } = await open();
      if (remoteCache === undefined) return undefined;
      return orAborted(remoteCache.fetch(sha256, { directory, file, onProgress }), signal);
    },
    build,
    built,
    emit,
  };
}

/** The promise, or the signal's reason as soon as it is aborted; what the promise then brings is thrown away. */
function orAborted<T extends { readonly path: string } | undefined>(
  promise: Promise<T>,
  signal: AbortSignal,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = (): void => reject(signal.reason);
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
    promise
      .then((found) => {
        if (signal.aborted && found !== undefined) rmSync(found.path, { force: true });
        resolve(found);
      }, reject)
      .finally(() => signal.removeEventListener('abort', stop));
  });
}

/** Removes what stopped processes were downloading: files named after a process that is gone. */
function sweep(directory: string): void {
  for (const name of namesIn(directory)) {
    const pid = /^\.(\d+)-.*\.part$/.exec(name)?.[1];
    if (pid !== undefined && !isRunning(Number(pid))) rmSync(join(directory, name), { force: true });
  }
}

async function heal(sitePackages: readonly string[], emit: Emit): Promise<void> {
  if (sitePackages.every(isHealthy)) return;
  const { healEnvironment } = await import('../installer/step.ts');
  for (const folder of new Set(sitePackages)) {
    for (const label of healEnvironment(folder)) {
      emit({ kind: 'warning', text: `An interrupted installation was undone: ${label}` });
    }
  }
}

/** Waits until no other process changes the environment. */
function holdEnvironment(
  environment: Environment,
  { settings, outside }: Pick<RootRequest, 'settings' | 'outside'>,
): Promise<HeldLock> {
  return lockFile(lockPath(environment, settings), {
    signal: outside.signal,
    onWait: () =>
      outside.emit({ kind: 'notice', text: `Waiting for another process that is changing ${environment.path}` }),
  });
}

/** The same where nobody has to wait for it, and nothing to be made for it. */
function heldAtOnce(environment: Environment, { settings }: Pick<RootRequest, 'settings'>): HeldLock | undefined {
  if (environment.kind === 'system') return undefined;
  const path = lockPath(environment, settings);
  try {
    accessSync(path, constants.W_OK);
    return tryLockFile(path);
  } catch {
    return undefined;
  }
}

function lockPath(environment: Environment, settings: InstallSettings): string {
  if (environment.kind !== 'system') return join(environment.path, '.tercet.lock');
  const digest = sha256(environment.path).slice(0, 16);
  return join(locksFolder(settings), digest);
}

/** Where the locks of environments are that have no folder of their own. */
function locksFolder({ cacheDir }: InstallSettings): string {
  const folder = join(cacheDir, 'locks');
  return isWritable(folder) ? folder : join(tmpdir(), 'tercet-locks');
}

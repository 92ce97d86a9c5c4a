/**
 * Carrying a plan out. First everything is brought into the store (in parallel, nothing is changed); only when all of it
 * is there is the environment changed, each distribution in a step that happens in full or not at all.
 */

import { readFileSync, writeFileSync } from 'node:fs';
import type { InstalledDistribution } from '../environments/installed.ts';
import { isThere } from '../files/is-there.ts';
import { createLinker, type LinkMode } from '../files/link.ts';
import { TercetError } from '../ground/error.ts';
import type { Emit } from '../ground/events.ts';
import type { LockedPackage } from '../lock/lock.ts';
import {
  type Artifact,
  type ArtifactOptions,
  type ArtifactPorts,
  type LikelyFile,
  likelyFile,
  prepareArtifact,
} from './artifact.ts';
import { type Bytecode, compileWheels } from './bytecode.ts';
import { createDepartures } from './bytes-on-the-way.ts';
import { chooseLockedFile } from './choose.ts';
import type { Forecast } from './forecast.ts';
import { installWheel } from './install-wheel.ts';
import { holdJournals, type Journals } from './journals.ts';
import { type LanePool, openLanes } from './lane-pool.ts';
import { bundlesOf, fileCount, type LaneWheel } from './lanes.ts';
import { operationLabel } from './operation-label.ts';
import { createOwners, type OwnedByOthers } from './owners.ts';
import { isSkipped, nameOf, type Operation, type Plan } from './plan.ts';
import { type LaneJob, placeOf, type SideLane } from './side-lane.ts';
import { runStep } from './step.ts';
import { type InstallTarget, schemeFolder } from './target.ts';
import { newTurns, takeTurns } from './turns.ts';
import { type Removal, removalOf, removeEmptiedFolders } from './uninstall.ts';

export interface ApplyOptions extends ArtifactOptions {
  readonly target: InstallTarget;
  readonly ports: ArtifactPorts;
  /** INSTALLER's text. */
  readonly installer: string;
  /** Emit operations that are skipped, too. Default: false. */
  readonly showSkipped?: boolean;
  /** What a new environment will need. Default: nothing is foreseen. */
  readonly forecast?: Forecast | undefined;
  /** Downloads at the same time. Default: 16. */
  readonly workers?: number;
  /** Default: clone, or else hardlink. */
  readonly linkMode?: LinkMode | undefined;
  /** Compile the installed sources to bytecode. Default: false. */
  readonly compile?: boolean;
}

/**
 * Applies the plan. Throws the error of the first operation that fails (`operation-failed` is emitted before): while things are
 * fetched, the environment is as it was; later, what was done before stays and the failed operation is undone.
 */
export async function applyPlan(plan: Plan, options: ApplyOptions): Promise<void> {
  const { ports, target } = options;
  const emitted = plan.filter((operation) => !isSkipped(operation) || options.showSkipped === true);
  const wheels = emitted.filter((operation) => !isSkipped(operation) && operation.kind !== 'uninstall').length;
  const stop = new AbortController();
  using lanes = openLanes({
    wheels,
    byFolder: options.linkMode === 'symlink',
    ahead: options.forecast?.ahead,
    signal: AbortSignal.any([options.signal, stop.signal]),
  });
  const artifacts = await prepareAll(emitted, lanes, stop, options);
  options.forecast?.keep([...artifacts.values()].map(({ wheel }) => wheel));
  const bytecode =
    options.compile === true
      ? await compileWheels(
          [...artifacts.values()].map(({ wheel }) => wheel),
          target,
          options.signal,
        )
      : undefined;
  if (options.linkMode === 'symlink') for (const { wheel } of artifacts.values()) ports.store.noteLinked(wheel);
  await changeAll(emitted, artifacts, bytecode, lanes, options);
  for (const { warning } of artifacts.values()) {
    if (warning !== undefined) ports.emit({ kind: 'warning', text: warning });
  }
}

/** Removes one installed distribution in a step of its own. */
export function uninstallDistribution(
  installed: InstalledDistribution,
  target: InstallTarget,
  owners: OwnedByOthers = createOwners(target),
): Removal {
  const removal = removalOf(installed.path, target, owners);
  const lines = removal.lines.map(({ file, line }) => ({ file, line, text: readFileSync(file, 'utf8') }));
  const plan = {
    label: `${installed.name} (${installed.version})`,
    removes: removal.paths,
    folders: [],
    creates: [],
    distInfo: undefined,
  };
  runStep(target.purelib, plan, () => {
    for (const { file, line, text } of lines) {
      writeFileSync(
        file,
        text
          .split('\n')
          .filter((one) => one.trim() !== line)
          .join('\n'),
      );
    }
  });
  removeEmptiedFolders(removal, target);
  return removal;
}

/** Fewer files than this are linked by one thread as fast as by several. */
const WORTH_A_LANE = 300;

/** Milliseconds after which the display and signals get their turn. */
const LONGEST_SILENCE = 16;

/**
 * Changes the environment: what replaces or removes something first, one after the other, then fresh installs in as many
 * lanes as there are processors. Finished operations are emitted in the plan's order.
 */
async function changeAll(
  operations: Plan,
  artifacts: ReadonlyMap<Operation, Artifact>,
  bytecode: Bytecode | undefined,
  lanes: LanePool,
  options: ApplyOptions,
): Promise<void> {
  const { ports, projectDir, target, signal } = options;
  const link = createLinker(options.linkMode);
  const owners = createOwners(target);
  const done = new Map<Operation, readonly string[]>();
  let failed: { readonly operation: Operation; readonly error: unknown } | undefined;
  let shown = 0;
  let shownAt = performance.now();
  const show = (): void => {
    for (let next = operations[shown]; next !== undefined; next = operations[shown]) {
      const overwritten = isSkipped(next) ? [] : done.get(next);
      if (overwritten === undefined) return;
      shown += 1;
      const label = operationLabel(next, projectDir);
      reportOverwritten(label.name, overwritten, ports.emit);
      ports.emit({ kind: 'operation-finished', operation: label });
    }
  };
  const fail = (operation: Operation, error: unknown): void => {
    failed ??= { operation, error };
    for (const side of lanes.sides) side.stop();
  };
  const runHere = async (lane: Plan): Promise<void> => {
    for (const operation of lane) {
      if (failed !== undefined || signal.aborted) return;
      try {
        done.set(operation, change(operation, artifacts.get(operation), { options, link, bytecode, owners, journals }));
      } catch (error) {
        fail(operation, error);
        return;
      }
      if (performance.now() - shownAt < LONGEST_SILENCE) continue;
      show();
      await turn();
      shownAt = performance.now();
    }
  };

  const due = operations.filter((operation) => !isSkipped(operation));
  const isFresh = (operation: Operation): boolean => operation.kind === 'install';
  const { bundles, sides } = sharedWork(due.filter(isFresh), artifacts, lanes, link.byFolder);
  const turns = newTurns();
  const journals = holdJournals(due.length === 0 ? [] : [target.purelib, target.platlib]);
  try {
    await runHere(due.filter((operation) => !isFresh(operation)));
    if (failed === undefined && !signal.aborted) {
      const ended = sides.map(installIn);
      for (const at of takeTurns(turns, bundles.length)) await runHere(bundles[at] ?? []);
      show();
      await Promise.all(ended);
      // What a thread took that is no more.
      await runHere(due.filter((operation) => !done.has(operation)));
    }
  } finally {
    journals.release();
  }
  show();
  if (failed !== undefined) {
    ports.emit({ kind: 'operation-failed', operation: operationLabel(failed.operation, projectDir) });
    throw failure(failed.operation, failed.error);
  }
  if (due.length > done.size) signal.throwIfAborted();

  function installIn(side: SideLane): Promise<void> {
    const jobOf = (operation: Operation): readonly LaneJob[] => {
      const artifact = artifacts.get(operation);
      if (artifact === undefined) return [];
      const wheel = placeOf(artifact.wheel);
      const { directUrl } = artifact;
      return [{ number: due.indexOf(operation), wheel, directUrl, bytecode: bytecode?.get(wheel.sha256) }];
    };
    const at = (job: number): Operation => due[job] as Operation;
    return side.install(
      {
        bundles: bundles.map((bundle) => bundle.flatMap(jobOf)),
        turns,
        target,
        installer: options.installer,
        linkMode: options.linkMode,
      },
      {
        onDone(job, overwritten) {
          done.set(at(job), overwritten);
          show();
        },
        onFailed: (job, error) => fail(at(job), error),
      },
    );
  }
}

/** Fresh installs in bundles, and the lanes that share in them: none where they are not worth it. */
function sharedWork(
  installs: Plan,
  artifacts: ReadonlyMap<Operation, Artifact>,
  { sides }: LanePool,
  byFolder: boolean,
): { readonly bundles: readonly Plan[]; readonly sides: readonly SideLane[] } {
  const wheelOf = (operation: Operation): LaneWheel => artifacts.get(operation)?.wheel ?? NO_WHEEL;
  const files = installs.reduce((sum, operation) => sum + fileCount(wheelOf(operation), byFolder), 0);
  if (sides.length === 0 || files < WORTH_A_LANE) return { bundles: [installs], sides: [] };
  return { bundles: bundlesOf(installs, wheelOf, byFolder), sides };
}

const NO_WHEEL: LaneWheel = { tops: [], count: 0, wholes: [], loose: [], placed: [], scripts: [], info: [] };

/** What the changes of this thread share. */
interface Changing {
  readonly options: ApplyOptions;
  readonly link: ReturnType<typeof createLinker>;
  readonly bytecode: Bytecode | undefined;
  readonly owners: OwnedByOthers;
  readonly journals: Journals;
}

function change(
  operation: Operation,
  artifact: Artifact | undefined,
  { options, link, bytecode, owners, journals }: Changing,
): readonly string[] {
  const { target, installer } = options;
  if (operation.kind === 'uninstall') {
    uninstallDistribution(operation.from, target, owners);
    return [];
  }
  if (artifact === undefined) throw new Error(`${nameOf(operation)} was not prepared`);
  const replaces =
    operation.kind === 'install' || operation.from.inherited
      ? undefined
      : removalOf(operation.from.path, target, owners);
  const { wheel, directUrl } = artifact;
  return installWheel(wheel, target, {
    link,
    installer,
    directUrl,
    replaces,
    bytecode: bytecode?.get(wheel.sha256),
    journal: journals.of(schemeFolder(target, 'root', wheel)),
  }).overwritten;
}

/** More than what any line brings before it is written. */
const MOST_BYTES_ON_THE_WAY = 24 * 2 ** 20;

/** Brings the wheels of all operations into the store, at most `workers` at a time, started in the plan's order. */
async function prepareAll(
  operations: Plan,
  lanes: LanePool,
  stop: AbortController,
  options: ApplyOptions,
): Promise<ReadonlyMap<Operation, Artifact>> {
  const { ports, projectDir } = options;
  const artifacts = new Map<Operation, Artifact>();
  const likely = likelyFiles(operations, options);
  const stored = [...likely.values()].flatMap((file) =>
    file === undefined ? [] : (ports.store.get(file.sha256) ?? []),
  );
  const intact = new Map((await lanes.intact(stored)).map((wheel) => [wheel.sha256, wheel]));
  const signal = AbortSignal.any([options.signal, stop.signal]);
  const depart = createDepartures(MOST_BYTES_ON_THE_WAY);
  const prepared = { ...options, signal, likely, intact, unpack: lanes.unpack, depart };
  const waiting = operations.values();
  let failed: { readonly error: unknown } | undefined;
  const missing: Operation[] = [];
  const work = async (): Promise<void> => {
    for (const operation of waiting) {
      if (signal.aborted) return;
      const label = operationLabel(operation, projectDir);
      if (!isSkipped(operation)) ports.emit({ kind: 'operation-started', operation: label });
      if (isSkipped(operation) || operation.kind === 'uninstall') continue;
      try {
        artifacts.set(operation, await prepareArtifact(operation.package, ports, prepared));
      } catch (error) {
        if (failed !== undefined || options.signal.aborted) return;
        if (error instanceof TercetError && error.code === 'offline') {
          // All that is missing is told at once.
          missing.push(operation);
          ports.emit({ kind: 'operation-failed', operation: label });
          continue;
        }
        failed = { error: failure(operation, error) };
        ports.emit({ kind: 'operation-failed', operation: label });
        stop.abort();
        return;
      }
    }
  };
  await Promise.all(Array.from({ length: Math.max(1, options.workers ?? 16) }, work));
  options.signal.throwIfAborted();
  if (failed !== undefined) throw failed.error;
  if (missing.length > 0) throw notInCache(missing, options);
  return artifacts;
}

/** For the packages of an index: the file that will probably be installed. */
function likelyFiles(operations: Plan, options: ApplyOptions): ReadonlyMap<LockedPackage, LikelyFile | undefined> {
  const packages = operations.flatMap((operation) =>
    isSkipped(operation) || operation.kind === 'uninstall' ? [] : [operation.package],
  );
  const ofIndex = packages.filter(({ source }) => source === undefined || source.type === 'legacy');
  return new Map(ofIndex.map((locked) => [locked, likelyFile(locked, options)]));
}

function notInCache(missing: readonly Operation[], options: ApplyOptions): TercetError {
  const names = missing.map((operation) => {
    if (operation.kind === 'uninstall') return nameOf(operation);
    const file = chooseLockedFile({ package: operation.package, ...options })?.file;
    const version = operation.package.version.text;
    return `${nameOf(operation)} (${version})${file === undefined ? '' : `: ${file}`}`;
  });
  return new TercetError(
    'offline',
    `The network may not be used, and these are not in the cache:\n\n${names.map((one) => `  - ${one}`).join('\n')}`,
    {
      hints: ['Run the command once without `--offline` (or TERCET_OFFLINE).'],
      detail: { missing: missing.map(nameOf) },
    },
  );
}

/** Errors for the user as they are; those of the file system with the package's name. */
function failure(operation: Operation, error: unknown): unknown {
  if (error instanceof TercetError) return error;
  const { code, path } = error as NodeJS.ErrnoException;
  if (code === undefined || !/^E[A-Z0-9]+$/.test(code)) return error;
  const verb = operation.kind === 'uninstall' ? 'uninstall' : 'install';
  const what = code === 'ENOSPC' || code === 'EDQUOT' ? 'there is no space left' : (error as Error).message;
  return new TercetError(
    'install-failed',
    `Cannot ${verb} ${nameOf(operation)}: ${what}${path === undefined ? '' : ` (${path})`}`,
    {
      hints: ['This operation was undone. Run the command again to go on from here.'],
      cause: error,
    },
  );
}

function reportOverwritten(name: string, paths: readonly string[], emit: Emit): void {
  if (paths.length === 0) return;
  const shown = paths.slice(0, 3).filter(isThere);
  const more = paths.length > 3 ? ` and ${paths.length - 3} more` : '';
  emit({
    kind: 'warning',
    text: `${name} replaced files that another package had installed: ${shown.join(', ')}${more}`,
  });
}

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

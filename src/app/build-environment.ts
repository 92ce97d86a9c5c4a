/**
 * The isolated environment of a build: a virtual environment with exactly what the build requires, resolved and installed like any
 * project's. It is kept, and used again by whoever requires the same distributions for the same interpreter.
 */

import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { noteUse } from '../cache/age.ts';
import { createEnvironment } from '../environments/create.ts';
import { type Environment, isSane, virtualEnvironment } from '../environments/environment.ts';
import { uniqueSuffix } from '../files/atomic-write.ts';
import { removeTree } from '../files/remove.ts';
import { sha256 } from '../files/sha256.ts';
import { ParseError, TercetError } from '../ground/error.ts';
import type { Emit } from '../ground/events.ts';
import type { RemoteCache } from '../http/remote-cache.ts';
import type { Transport } from '../http/transport.ts';
import type { IndexClient } from '../index/client.ts';
import type { Lock, LockedPackage } from '../lock/lock.ts';
import { selectPackages } from '../lock/select.ts';
import type { Manifest, Source } from '../manifest/manifest.ts';
import { evaluateMarker } from '../markers/marker.ts';
import { type GroupName, MAIN_GROUP, projectName } from '../names/name.ts';
import { type InterpreterFacts, interpreterFacts } from '../python/facts.ts';
import { parseRequirement } from '../requirements/pep508.ts';
import type { Requirement } from '../requirements/requirement.ts';
import { explain } from '../resolver/explain.ts';
import { search } from '../resolver/search.ts';
import { searchedFirst } from '../resolver/universal/world.ts';
import { parseMarkerConstraint } from '../versions/poetry-constraint.ts';
import { answered } from './answer.ts';
import type { WheelBuilds } from './builds.ts';
import type { Context } from './context.ts';
import { installLocked } from './install.ts';
import { BUILD_ENVIRONMENTS, sweepEnvironments } from './kept-builds.ts';
import { lockOf } from './lock.ts';
import { problemOf } from './problem.ts';

export interface EnvironmentRequest {
  /** PEP 508 texts. */
  readonly requires: readonly string[];
  /** Limits for what is installed; they install nothing themselves. */
  readonly constraints: readonly Requirement[];
  /** What is to be built, for messages. */
  readonly label: string;
  readonly interpreter: InterpreterFacts;
  readonly context: Context;
  readonly sources: readonly Source[];
  readonly cacheDir: string;
  readonly client: IndexClient;
  readonly transport: Transport;
  /** Default: the team has none. */
  readonly remoteCache?: RemoteCache;
  /** Builds what among the requirements has no wheel. */
  readonly wheels: (environment: Environment) => WheelBuilds;
  /** Environments of this process that are being made; whoever wants the same waits. Default: nobody waits. */
  readonly provided?: Map<string, Promise<Environment>>;
}

/** The environment, ready for use. Throws `build-requirements` where they cannot be met, and what an installation throws. */
export async function provideEnvironment(request: EnvironmentRequest): Promise<Environment> {
  const { context, cacheDir, provided } = request;
  const lock = await resolveRequirements(request);
  const selected = selectPackages(lock, { groups: [MAIN_GROUP], extras: [] }, request.interpreter.markers);
  const key = keyOf(request.interpreter, selected);
  const present = presentEnvironment(cacheDir, key, context);
  if (present !== undefined) return present;
  const waiting = provided?.get(key);
  if (waiting !== undefined) return waiting;
  const made = makeEnvironment(request, lock, selected, key);
  provided?.set(key, made);
  return made;
}

const CONSTRAINTS = 'constraints' as GroupName;

async function resolveRequirements(request: EnvironmentRequest): Promise<Lock> {
  const { label, interpreter, sources, client, constraints, context } = request;
  const holds = ({ marker }: Requirement): boolean => evaluateMarker(marker, interpreter.markers);
  const manifest = manifestFor(interpreter, sources, [
    {
      name: MAIN_GROUP,
      optional: false,
      declared: [],
      written: [],
      requirements: request.requires.map((text) => parsed(text, label)).filter(holds),
    },
    {
      name: CONSTRAINTS,
      optional: true,
      declared: [],
      written: [],
      requirements: constraints.map((one) => ({ ...one, groups: [CONSTRAINTS] })).filter(holds),
    },
  ]);
  const result = await answered(search(problemOf(manifest, undefined)), client, {
    python: manifest.python,
    searched: searchedFirst(sources),
  });
  context.signal.throwIfAborted();
  if (result.kind === 'resolution') return lockOf(manifest, result);
  const { message, hints } = explain(result);
  throw new TercetError('build-requirements', `What the build of ${label} requires cannot be had:\n\n${message}`, {
    hints,
  });
}

function parsed(text: string, label: string): Requirement {
  try {
    return parseRequirement(text);
  } catch (error) {
    if (!(error instanceof ParseError)) throw error;
    throw new TercetError(
      'build-system-invalid',
      `${label} cannot be built: it requires ${JSON.stringify(text)}, which cannot be read`,
      {
        cause: error,
      },
    );
  }
}

/** A project for exactly one Python. */
function manifestFor(interpreter: InterpreterFacts, sources: readonly Source[], groups: Manifest['groups']): Manifest {
  return {
    prettyName: 'build-requirements',
    name: projectName('build-requirements'),
    version: '0',
    description: '',
    packageMode: false,
    pythonVersions: interpreter.version,
    python: parseMarkerConstraint(interpreter.version),
    requiresPython: undefined,
    groups: groups.filter(({ requirements, name }) => requirements.length > 0 || name === MAIN_GROUP),
    extras: new Map(),
    sources,
    poetryScripts: new Map(),
    entryPoints: new Map(),
    packages: undefined,
    buildSystem: undefined,
    toml: {},
  };
}

function keyOf(interpreter: InterpreterFacts, selected: readonly LockedPackage[]): string {
  const { baseExecutable, version, abi } = interpreter;
  const holds = selected.map(({ name, version: { text }, files, source }) => [
    name,
    text,
    source ?? null,
    files.map(({ hash }) => hash),
  ]);
  const text = JSON.stringify([baseExecutable, version, abi.soabi ?? null, holds]);
  return sha256(text).slice(0, 32);
}

/** The kept environment of that key: a small file says which folder it is. */
function presentEnvironment(cacheDir: string, key: string, { env }: Context): Environment | undefined {
  const bucket = join(cacheDir, BUILD_ENVIRONMENTS);
  let folder: string;
  try {
    folder = readFileSync(join(bucket, key), 'utf8');
  } catch {
    return undefined;
  }
  if (!/^[\w.-]+$/.test(folder) || !existsSync(join(bucket, folder))) return undefined;
  const environment = virtualEnvironment(join(bucket, folder), 'venv', { env });
  if (!isSane(environment)) return undefined;
  noteUse(join(bucket, key));
  return environment;
}

/**
 * Makes the environment in a folder of its own, which gets its key only when all is in it. Nobody is locked out meanwhile: of two
 * processes that make the same one, the first one's counts.
 */
async function makeEnvironment(
  request: EnvironmentRequest,
  lock: Lock,
  selected: readonly LockedPackage[],
  key: string,
): Promise<Environment> {
  const { context, cacheDir, transport, client, label, remoteCache } = request;
  const bucket = join(cacheDir, BUILD_ENVIRONMENTS);
  mkdirSync(bucket, { recursive: true });
  sweepEnvironments(bucket);
  const folder = `${key}.${process.pid}-${uniqueSuffix()}`;
  const path = join(bucket, folder);
  const quiet: Emit = (event) => {
    if (event.kind.startsWith('download-') || event.kind.startsWith('build-')) context.emit(event);
  };
  try {
    const interpreter = await interpreterFacts(request.interpreter.baseExecutable, { env: context.env });
    const made = await createEnvironment({ path, interpreter, emit: quiet, factsOptions: { env: context.env } });
    const text = `Preparing an environment for the build of ${label}: ${selected.map((one) => `${one.name} (${one.version.text})`).join(', ')}`;
    context.emit({ kind: 'notice', level: 1, text });
    const configuration = await context.configuration();
    await installLocked({
      lock,
      selected,
      manifest: manifestFor(interpreter, [], []),
      projectDir: path,
      environment: made,
      groups: [MAIN_GROUP],
      extras: [],
      settings: {
        cacheDir,
        noBinary: configuration.get('installer.no-binary') ?? [],
        onlyBinary: configuration.get('installer.only-binary') ?? [],
      },
      outside: {
        open: async () => ({ client, transport, ...(remoteCache === undefined ? {} : { remoteCache }) }),
        ...request.wheels(made),
        emit: quiet,
        signal: context.signal,
      },
    });
    const other = presentEnvironment(cacheDir, key, context);
    if (other !== undefined) {
      removeTree(path);
      return other;
    }
    const pointer = join(bucket, `.${folder}`);
    writeFileSync(pointer, folder);
    renameSync(pointer, join(bucket, key));
    return made;
  } catch (error) {
    removeTree(path);
    throw error;
  }
}

/**
 * Where the knot is tied: locking may have to build, a build needs an environment, and what goes into that has to be resolved, which may
 * have to build. Each build opens an index of its own that knows what is being built further out, so that none waits for itself.
 */

import { mkdirSync, mkdtempSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { unpackSource } from '../archive/unpack-source.ts';
import { type BuildKind, type BuildRequest, buildFile, buildMetadata } from '../builder/build.ts';
import type { BuildSystem } from '../builder/build-system.ts';
import type { ConfigSettings } from '../builder/hooks.ts';
import { parseWheelFilename } from '../distributions/filename.ts';
import type { Environment } from '../environments/environment.ts';
import { isWritable } from '../files/is-writable.ts';
import { removeTree } from '../files/remove.ts';
import { sha256OfFile } from '../files/sha256.ts';
import { TercetError } from '../ground/error.ts';
import { createGate } from '../http/gate.ts';
import type { RemoteCache } from '../http/remote-cache.ts';
import type { Transport } from '../http/transport.ts';
import type { BuildMetadata, SourceToDescribe } from '../index/build-metadata.ts';
import type { IndexClient } from '../index/client.ts';
import type { GitLogin } from '../index/git-origin.ts';
import { type RawMetadata, wheelRawMetadata } from '../index/raw-metadata.ts';
import type { ArtifactPorts, BuildSource, BuiltWheel } from '../installer/artifact.ts';
import type { LockedPackage } from '../lock/lock.ts';
import type { Source } from '../manifest/manifest.ts';
import { projectName } from '../names/name.ts';
import type { InterpreterFacts } from '../python/facts.ts';
import { buildConstraints } from './build-constraints.ts';
import { provideEnvironment } from './build-environment.ts';
import { interpreterForLocking } from './build-interpreter.ts';
import { builtMetadata } from './built-metadata.ts';
import { buildSettings, builtWheels } from './built-wheels.ts';
import { checkoutSource } from './checkout-source.ts';
import type { Context } from './context.ts';

export interface BuildsOptions {
  readonly context: Context;
  readonly sources: readonly Source[];
  readonly transport: Transport;
  readonly cacheDir: string;
  /** Credentials for git repositories. */
  readonly gitLogin: GitLogin;
  /** Where the wheels and metadata that other machines of the team have built are. Default: nowhere. */
  readonly remoteCache?: RemoteCache;
  /** An index like the command's own, whose builds go through the function given. */
  readonly openClient: (build: BuildMetadata) => IndexClient;
}

export interface Builds {
  /** For the index: with an interpreter that suits the project. */
  readonly metadata: BuildMetadata;
  /** For the installer: with the interpreter of the environment that is installed into. */
  wheels(environment: Environment): WheelBuilds;
  /** An environment with these requirements (PEP 508 texts) for the interpreter of `environment`; `label` is for messages. */
  provide(requires: readonly string[], label: string, environment: Environment): Promise<Environment>;
  /** For the command `build`: the project's own distribution, into a folder; its path. Throws `no-python`, and as `buildFile`. */
  own(project: OwnBuild, into: string): Promise<string>;
}

export interface OwnBuild {
  readonly label: string;
  readonly name: string;
  /** The folder of the project. */
  readonly tree: string;
  /** Default: what its pyproject.toml says. */
  readonly system?: BuildSystem | undefined;
  readonly kind: BuildKind;
  readonly settings: ConfigSettings;
}

/** What an installation asks for. */
export type WheelBuilds = Required<{ readonly [K in 'build' | 'built']: NonNullable<ArtifactPorts[K]> }>;

/** Builds that wait for builds that wait …: more are no honest project's. */
const DEEPEST = 10;

/** What is being built, outermost first: `name (version)`. */
type Chain = readonly string[];

/** Opens the builds of a command. Nothing is made before the first one. */
export function openBuilds(options: BuildsOptions): Builds {
  const { context, transport, sources, remoteCache } = options;
  const { signal, env, emit } = context;
  // A cache that cannot be written is no reason not to lock.
  const cacheDir = context.noCache || !isWritable(options.cacheDir) ? temporaryCache() : options.cacheDir;
  const described = builtMetadata({ cacheDir, noCache: context.noCache, remoteCache });
  const scratchDir = join(cacheDir, 'builds');
  const gate = createGate(availableParallelism(), availableParallelism());
  const provided = new Map<string, Promise<Environment>>();

  const request = async (
    what: Pick<BuildRequest, 'label' | 'project' | 'tree' | 'system'>,
    chain: Chain,
    interpreter: InterpreterFacts,
    settings?: ConfigSettings,
  ): Promise<BuildRequest> => {
    const constraints = await buildConstraints(context, what.project);
    const next = extended(chain, what.label);
    return {
      ...what,
      settings,
      env,
      scratchDir,
      logDir: join(options.cacheDir, 'build-logs'),
      emit,
      signal,
      provide: (requires) =>
        provideEnvironment({
          requires,
          constraints,
          label: what.label,
          interpreter,
          context,
          sources,
          cacheDir,
          client: options.openClient((source) => describe(source, next, async () => interpreter)),
          transport,
          ...(remoteCache === undefined ? {} : { remoteCache }),
          wheels: (environment) => wheels(environment, next),
          // Only the outermost share what is under way: nobody waits for them who they could be waiting for.
          ...(chain.length === 0 ? { provided } : {}),
        }),
    };
  };

  /** At most as many at a time as there are processors; builds inside of builds have their place already. */
  const gated = async <T>(chain: Chain, work: () => Promise<T>): Promise<T> => {
    if (chain.length > 0) return work();
    await gate.enter();
    try {
      signal.throwIfAborted();
      return await work();
    } finally {
      gate.leave();
    }
  };

  const describe = async (
    source: SourceToDescribe,
    chain: Chain,
    interpreter: () => Promise<InterpreterFacts | undefined>,
  ): ReturnType<BuildMetadata> => {
    const identity = source.kind === 'sdist' ? sha256OfFile(source.path) : source.identity;
    const lasting = identity === undefined ? undefined : { kind: source.kind, identity };
    const known = lasting && (await described.find(lasting));
    if (known !== undefined) return known;
    const found = await interpreter();
    if (found === undefined) {
      const file = source.kind === 'sdist' ? source.file : source.name;
      const detail = `${file} leaves its requirements to a build, and there is no Python to build it with`;
      return { kind: 'no-metadata', detail };
    }
    const built = await gated(chain, () =>
      inScratch(scratchDir, async (scratch) => {
        const tree = source.kind === 'folder' ? source.path : await unpackSource(source.path, source.file, scratch);
        const what = { ...namesOf(source), tree };
        emit({ kind: 'notice', level: 1, text: `Building the metadata of ${what.label}` });
        return readBuilt(await buildMetadata(await request(what, chain, found)), what.label);
      }),
    );
    if (lasting !== undefined) await described.keep(lasting, built);
    return built;
  };

  const wheels = (environment: Environment, chain: Chain): WheelBuilds => {
    const kept = builtWheels(environment, { context, cacheDir, remoteCache });
    /** Builds the wheel into a scratch folder, which is the caller's to remove. */
    const built = async (locked: LockedPackage, source: BuildSource, scratch: string): Promise<BuiltWheel> => {
      const { tree, clone } = await treeOf(locked, source, scratch, environment, options);
      const what = { label: `${locked.prettyName} (${locked.version.text})`, project: locked.name, tree };
      const kind = source.kind !== 'sdist' && source.editable ? 'editable' : 'wheel';
      const settings = await buildSettings(context, locked);
      const asked = await request(what, chain, await environment.facts(), settings);
      const path = await buildFile(asked, join(scratch, 'wheel'), kind);
      checkName(path, locked);
      return { path, ...(clone === undefined ? {} : { clone }) };
    };
    return {
      built: kept.find,
      async build(locked, source) {
        const identity = identityOf(locked, source);
        const before = identity === undefined ? undefined : await kept.find(locked, identity);
        if (before !== undefined) return before;
        return gated(chain, async () => {
          const scratch = newScratch(scratchDir);
          try {
            const wheel = await built(locked, source, scratch);
            if (identity === undefined) return { ...wheel, scratch };
            const path = await kept.keep(locked, identity, wheel.path);
            removeTree(scratch);
            return { ...wheel, path };
          } catch (error) {
            removeTree(scratch);
            throw error;
          }
        });
      },
    };
  };

  let chosen: Promise<InterpreterFacts | undefined> | undefined;
  return {
    metadata: (source) =>
      describe(source, [], () => {
        chosen ??= interpreterForLocking(context);
        return chosen;
      }),
    wheels: (environment) => wheels(environment, []),
    async own({ label, name, tree, system, kind, settings }, into) {
      const interpreter = await interpreterForLocking(context);
      if (interpreter === undefined) {
        throw new TercetError('no-python', `${label} is built by its own backend, and there is no Python to run it`, {
          hints: ['Install a Python that the project supports, and run `tercet build` again.'],
        });
      }
      const what = { label, project: name, tree, system };
      return gated([], async () => buildFile(await request(what, [], interpreter, settings), into, kind));
    },
    async provide(requires, label, environment) {
      const what = { label, project: label, tree: '' };
      return (await request(what, [], await environment.facts())).provide(requires);
    },
  };
}

function extended(chain: Chain, label: string): Chain {
  const next = [...chain, label];
  if (chain.includes(label)) {
    const circle = next.slice(chain.indexOf(label)).join(' needs ');
    throw new TercetError('build-cycle', `${label} cannot be built, because its build requires itself: ${circle}`, {
      hints: [
        'One of them needs a wheel: allow it (`installer.no-binary`), or limit it by `[tool.poetry.build-constraints]`.',
      ],
      detail: { chain: next },
    });
  }
  if (next.length > DEEPEST) {
    throw new TercetError('build-cycle', `${label} cannot be built: ${next.join(' needs ')}`, {
      detail: { chain: next },
    });
  }
  return next;
}

/** What a source is called in messages before it has said so itself. */
function namesOf(source: SourceToDescribe): { readonly label: string; readonly project: string } {
  if (source.kind === 'folder') return { label: source.name, project: basename(source.path) };
  const { file, version } = source;
  const project = source.project ?? projectName(file.replace(/-\d.*$/, ''));
  return { label: `${project} (${version ?? file})`, project };
}

function readBuilt(text: string, label: string): RawMetadata {
  const metadata = wheelRawMetadata(text, 'at-hand');
  if (metadata === undefined)
    throw new TercetError('build-failed', `The build of ${label} left METADATA that cannot be read`);
  return metadata;
}

/** The same for the same sources, for ever; undefined for folders, whose contents change. */
function identityOf({ source }: LockedPackage, from: BuildSource): string | undefined {
  if (from.kind === 'sdist') return sha256OfFile(from.path);
  if (from.kind === 'directory' || from.editable || source?.resolvedReference === undefined) return undefined;
  return JSON.stringify([source.url, source.resolvedReference, source.subdirectory ?? '']);
}

async function treeOf(
  locked: LockedPackage,
  source: BuildSource,
  scratch: string,
  environment: Environment,
  { context, gitLogin }: BuildsOptions,
): Promise<{ readonly tree: string; readonly clone: string | undefined }> {
  switch (source.kind) {
    case 'directory':
      return { tree: source.path, clone: undefined };
    case 'sdist': {
      const folder = join(scratch, 'source');
      mkdirSync(folder);
      return { tree: await unpackSource(source.path, source.file, folder), clone: undefined };
    }
    case 'git':
      return checkoutSource(locked, source.editable ? join(environment.path, 'src') : scratch, {
        offline: context.offline,
        gitLogin,
      });
  }
}

function checkName(path: string, { name }: LockedPackage): void {
  const built = parseWheelFilename(basename(path))?.distribution;
  if (built !== undefined && projectName(built) === name) return;
  throw new TercetError('build-failed', `The build of ${name} made a wheel of something else: ${basename(path)}`);
}

function newScratch(parent: string): string {
  mkdirSync(parent, { recursive: true });
  return mkdtempSync(join(parent, `source-${process.pid}-`));
}

async function inScratch<T>(parent: string, work: (scratch: string) => Promise<T>): Promise<T> {
  const scratch = newScratch(parent);
  try {
    return await work(scratch);
  } finally {
    removeTree(scratch);
  }
}

/** Gone with the process. */
function temporaryCache(): string {
  const folder = mkdtempSync(join(tmpdir(), 'tercet-builds-'));
  process.once('exit', () => removeTree(folder));
  return folder;
}

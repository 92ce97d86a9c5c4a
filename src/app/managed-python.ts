/** Pythons of the Python Standalone Builds project, and PyPy, in Poetry's folder for them (`python.installation-dir`): found, downloaded, removed. */

import { mkdirSync, mkdtempSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { unpackSource } from '../archive/unpack-source.ts';
import { namesIn } from '../files/names-in.ts';
import { removeTree } from '../files/remove.ts';
import { TercetError } from '../ground/error.ts';
import { downloadFile } from '../http/download.ts';
import { createTransport, type Transport } from '../http/transport.ts';
import { type InterpreterFacts, interpreterFacts } from '../python/facts.ts';
import { pypyBuilds } from '../python/pypy.ts';
import {
  answersRequest,
  knownReleases,
  STANDALONE_LATEST,
  STANDALONE_RELEASES,
  type StandaloneBuild,
  standaloneBuilds,
  standaloneRelease,
  standaloneTriple,
} from '../python/standalone.ts';
import { asString, asTable } from '../toml/read.ts';
import type { Context } from './context.ts';

/** A build and where it is. */
export interface FoundBuild extends StandaloneBuild {
  readonly implementation: 'cpython' | 'pypy';
  readonly url: string;
}

/** `cpython@3.13.0`, `cpython@3.13.0t`. */
export function managedName(version: string, implementation: string, freeThreaded: boolean): string {
  return `${implementation}@${version}${freeThreaded ? 't' : ''}`;
}

/** The folder of all managed Pythons. */
export async function managedFolder(context: Context): Promise<string> {
  return (await context.configuration()).folder('python.installation-dir');
}

/** The programs of a managed Python that is there; the folder `install` is where other kinds of builds have them. */
export async function managedFacts(folder: string): Promise<InterpreterFacts | undefined> {
  for (const base of [folder, join(folder, 'install')]) {
    const bin = process.platform === 'win32' ? base : join(base, 'bin');
    const program = namesIn(bin).find((name) => /^(?:python3?|pypy3?)(?:\.exe)?$/.test(name));
    if (program !== undefined) return interpreterFacts(join(bin, program), { cacheDir: null });
  }
  return undefined;
}

/**
 * The newest build that answers a request (`3.13`, `3.13.1`); undefined where there is none for this machine. With a mirror
 * (`TERCET_PYTHON_MIRROR`, or `PBS_INSTALLER_BASE_URL` as for Poetry) its `SHA256SUMS` decides.
 */
export async function findBuild(
  context: Context,
  request: string,
  freeThreaded: boolean,
): Promise<FoundBuild | undefined> {
  const accepts = (one: StandaloneBuild): boolean =>
    one.freeThreaded === freeThreaded && answersRequest(one.version, request);
  const known = standaloneRelease(request);
  if (known !== undefined && mirrorOf(context) === undefined) {
    return (await buildsAt(context, `${STANDALONE_RELEASES}/${known}`)).find(accepts);
  }
  return (await newestBuilds(context)).find(accepts);
}

/**
 * The build of the newest version that is allowed, of those that answer the first of `wanted` for which there is one. Undefined where
 * there is none for this machine.
 */
export async function findAllowedBuild(
  context: Context,
  allows: (version: string) => boolean,
  wanted: readonly string[],
): Promise<FoundBuild | undefined> {
  const newest = (await newestBuilds(context)).filter((one) => !one.freeThreaded && allows(one.version));
  for (const request of wanted) {
    const found = newest.find((one) => answersRequest(one.version, request));
    if (found !== undefined) return found;
  }
  if (newest.length > 0 || mirrorOf(context) !== undefined) return newest[0];
  const older = knownReleases().find(([version]) => allows(version));
  return older === undefined ? undefined : findBuild(context, older[0], false);
}

function mirrorOf({ env }: Context): string | undefined {
  return (env.TERCET_PYTHON_MIRROR || env.PBS_INSTALLER_BASE_URL)?.replace(/\/+$/, '');
}

/** What the mirror has, else the newest release; the newest version first. */
async function newestBuilds(context: Context): Promise<readonly FoundBuild[]> {
  const mirror = mirrorOf(context);
  if (mirror !== undefined) return buildsAt(context, mirror);
  const latest = await pythonTransport(context).fetch(STANDALONE_LATEST);
  const prefix =
    latest.status === 200
      ? asString(asTable(JSON.parse(new TextDecoder().decode(latest.body)))?.asset_url_prefix)
      : undefined;
  return prefix === undefined ? [] : buildsAt(context, prefix);
}

/** The builds of one folder for this machine, by its `SHA256SUMS`. */
async function buildsAt(context: Context, base: string): Promise<readonly FoundBuild[]> {
  const triple = standaloneTriple(process.platform, process.arch);
  if (triple === undefined) return [];
  const reply = await pythonTransport(context).fetch(`${base}/SHA256SUMS`);
  if (reply.status !== 200) return [];
  return standaloneBuilds(new TextDecoder().decode(reply.body), triple).map((one) => ({
    ...one,
    implementation: 'cpython',
    url: `${base}/${encodeURIComponent(one.file)}`,
  }));
}

/** The newest build of PyPy that answers a request. What a mirror's `SHA256SUMS` says of the archive counts more than what is known. */
export async function findPypyBuild(context: Context, request: string): Promise<FoundBuild | undefined> {
  const known = pypyBuilds(process.platform, process.arch).find(({ version }) => answersRequest(version, request));
  if (known === undefined) return undefined;
  const build: FoundBuild = { ...known, implementation: 'pypy', freeThreaded: false };
  const mirror = mirrorOf(context);
  if (mirror === undefined) return build;
  const reply = await pythonTransport(context).fetch(`${mirror}/SHA256SUMS`);
  const sums = reply.status === 200 ? new TextDecoder().decode(reply.body) : '';
  const line = sums.split('\n').find((one) => one.endsWith(` ${build.file}`) || one.endsWith(`*${build.file}`));
  return { ...build, url: `${mirror}/${build.file}`, sha256: line?.split(/\s/)[0] ?? build.sha256 };
}

/**
 * Downloads a build, checked by its hash, and puts it into its folder, whole or not at all; what was there before is replaced. Throws
 * `hash-mismatch`, `archive-unsafe`, `archive-damaged`, and what the network throws.
 */
export async function installBuild(context: Context, build: FoundBuild, folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const staging = mkdtempSync(join(folder, '.installing-'));
  try {
    const { path } = await downloadFile(pythonTransport(context), build.url, {
      directory: staging,
      file: build.file,
      hashes: { sha256: build.sha256 },
    });
    const contents = join(staging, 'contents');
    mkdirSync(contents);
    const unpacked = await unpackSource(path, build.file, contents);
    const place = join(folder, managedName(build.version, build.implementation, build.freeThreaded));
    const old = join(staging, 'old');
    try {
      renameSync(place, old);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
    renameSync(unpacked, place);
  } finally {
    removeTree(staging);
  }
}

/** Removes a managed Python; false where there is none. */
export function removeManaged(folder: string, name: string): boolean {
  if (!namesIn(folder).includes(name)) return false;
  removeTree(join(folder, name));
  return true;
}

function pythonTransport(context: Context): Transport {
  return createTransport({
    env: context.env,
    signal: context.signal,
    offline: context.offline,
    userAgent: `tercet/${context.toolVersion}`,
  });
}

/** The request without its `t`, and whether it is for a free-threaded build. Undefined where it is no version. */
export function pythonRequest(
  text: string,
  freeThreaded: boolean,
): { readonly version: string; readonly freeThreaded: boolean } | undefined {
  const found = /^(\d+(?:\.\d+){0,2})(t?)$/.exec(text);
  return found?.[1] === undefined ? undefined : { version: found[1], freeThreaded: freeThreaded || found[2] === 't' };
}

/** `3.13 (cpython, free-threaded)`. */
export function pythonTitle(version: string, implementation: string, freeThreaded: boolean): string {
  return `${version} (${implementation}${freeThreaded ? ', free-threaded' : ''})`;
}

/** The error of a Python that was installed and does not start. */
export function brokenPython(executables: readonly string[], cause: unknown): TercetError {
  return new TercetError(
    'python-broken',
    `One or more installed version do not work on your system. This is not a Poetry issue.

Failing Executables:
${executables.map((one) => `  - ${one}`).join('\n')}

This could happen because you are missing platform dependencies required.
Please refer to https://gregoryszorc.com/docs/python-build-standalone/main/running.html#runtime-requirements for more information about the necessary requirements.
Please remove the failing Python installation using poetry python remove <version> before continuing.`,
    { cause },
  );
}

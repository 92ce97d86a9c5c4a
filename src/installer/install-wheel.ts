/**
 * Installing one stored wheel, and in the same step removing what it replaces.
 * https://packaging.python.org/en/latest/specifications/binary-distribution-format/#installing-a-wheel-distribution-1-0-py32-none-any-whl
 */

import { createHash } from 'node:crypto';
import { existsSync, lstatSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Linker } from '../files/link.ts';
import { recordRow } from './record.ts';
import { scriptText, windowsStarter, withInterpreter } from './scripts.ts';
import { runStep } from './step.ts';
import type { StoredFile, StoredWheel } from './store.ts';
import { type InstallTarget, recordPath, schemeFolder } from './target.ts';
import { type Removal, removeEmptiedFolders } from './uninstall.ts';

export interface InstallWheelOptions {
  readonly link: Linker;
  /** INSTALLER's text. */
  readonly installer: string;
  /** direct_url.json's text (PEP 610); undefined for what comes from an index. */
  readonly directUrl?: string | undefined;
  /** What the wheel replaces. */
  readonly replaces?: Removal | undefined;
}

/** What an installation did beside what was asked. */
export interface InstalledWheel {
  /** Files of other distributions that were replaced by different ones. */
  readonly overwritten: readonly string[];
}

/** Installs the wheel into the environment, in one step. Throws the file system's error, with all as it was. */
export function installWheel(wheel: StoredWheel, target: InstallTarget, options: InstallWheelOptions): InstalledWheel {
  // 1. Where every file goes.
  const root = schemeFolder(target, 'root', wheel);
  const placed = wheel.placed.map((file) => ({
    file,
    path: `${schemeFolder(target, file.scheme, wheel)}/${file.target}`,
  }));
  const scripts = generatedScripts(wheel, target);
  const fresh = missingFolders(root, wheel, [...placed.map(({ path }) => path), ...scripts.map(({ path }) => path)]);
  const plain = wheel.plain.map((path) => `${root}/${path}`);
  const creates = [...plain, ...placed.map(({ path }) => path), ...scripts.map(({ path }) => path)];

  // 2. What is in the way.
  const replaced = new Set(options.replaces?.paths);
  const inTheWay = creates.filter((path) => !fresh.has(dirname(path)) && !replaced.has(path) && isThere(path));
  const overwritten = inTheWay.filter((path) => differs(path, sourceOf(path, root, wheel, placed)));
  const distInfo = join(root, wheel.distInfo);

  const plan = {
    label: `${wheel.distribution} (${wheel.version})`,
    removes: [...new Set([...replaced, ...inTheWay, distInfo])],
    folders: [...fresh],
    creates,
    distInfo,
  };
  runStep(root, plan, (staged) => {
    // 3. The files as they are in the wheel.
    wheel.plain.forEach((path, index) => {
      options.link(`${wheel.tree}/${path}`, plain[index] as string);
    });
    // 4. The files of the .data folder; scripts get the environment's interpreter.
    let record = '';
    for (const script of scripts) record += writeScript(script, root);
    record += wheel.record;
    for (const { file, path } of placed) record += placeFile(file, path, wheel, target, root, options.link);
    // 5. The dist-info folder, complete, beside its place; the step's end puts it there.
    stageDistInfo(staged, record, wheel, options);
  });
  if (options.replaces !== undefined) removeEmptiedFolders(options.replaces, target);
  return { overwritten };
}

interface GeneratedScript {
  readonly path: string;
  readonly text: string;
}

function generatedScripts(wheel: StoredWheel, target: InstallTarget): GeneratedScript[] {
  return wheel.scripts.flatMap((script) => {
    const path = `${target.scripts}/${script.name}`;
    const own = { path, text: scriptText(script, target.python) };
    return process.platform === 'win32'
      ? [own, { path: `${path}.cmd`, text: windowsStarter(script.name, target.python) }]
      : [own];
  });
}

function writeScript({ path, text }: GeneratedScript, root: string): string {
  writeFileSync(path, text, { mode: 0o777, flag: 'wx' });
  return recordRow(recordPath(root, path), digestOf(text), Buffer.byteLength(text));
}

function placeFile(
  file: StoredFile,
  path: string,
  wheel: StoredWheel,
  target: InstallTarget,
  root: string,
  link: Linker,
): string {
  const source = `${wheel.tree}/${file.path}`;
  if (!file.rewrite) {
    link(source, path);
    return recordRow(recordPath(root, path), file.hash, file.size);
  }
  const contents = withInterpreter(readFileSync(source), target.python);
  writeFileSync(path, contents, { mode: 0o777, flag: 'wx' });
  return recordRow(recordPath(root, path), digestOf(contents), contents.length);
}

function stageDistInfo(staged: string, record: string, wheel: StoredWheel, options: InstallWheelOptions): void {
  for (const path of wheel.info) {
    const place = join(staged, path.slice(wheel.distInfo.length + 1));
    mkdirSync(dirname(place), { recursive: true });
    options.link(`${wheel.tree}/${path}`, place);
  }
  writeFileSync(join(staged, 'INSTALLER'), options.installer, { flag: 'wx' });
  let rows =
    record +
    recordRow(`${wheel.distInfo}/INSTALLER`, digestOf(options.installer), Buffer.byteLength(options.installer));
  rows += recordRow(`${wheel.distInfo}/RECORD`);
  if (options.directUrl !== undefined) {
    writeFileSync(join(staged, 'direct_url.json'), options.directUrl, { flag: 'wx' });
    rows += recordRow(`${wheel.distInfo}/direct_url.json`);
  }
  writeFileSync(join(staged, 'RECORD'), rows, { flag: 'wx' });
}

/** Folders that the files need and that are not there, each after the one it is in. */
function missingFolders(root: string, wheel: StoredWheel, others: readonly string[]): Set<string> {
  const missing = new Set<string>();
  const present = new Set<string>();
  const look = (folder: string): void => {
    if (missing.has(folder) || present.has(folder)) return;
    const parent = dirname(folder);
    if (parent !== folder) look(parent);
    if (missing.has(parent) || !existsSync(folder)) missing.add(folder);
    else present.add(folder);
  };
  look(root);
  for (const folder of wheel.folders) look(`${root}/${folder}`);
  for (const path of others) look(dirname(path));
  return missing;
}

/** Where the contents of a file to be made come from; undefined where they are generated. */
function sourceOf(
  path: string,
  root: string,
  wheel: StoredWheel,
  placed: readonly { readonly file: StoredFile; readonly path: string }[],
): string | undefined {
  const other = placed.find((one) => one.path === path);
  if (other !== undefined) return other.file.rewrite ? undefined : `${wheel.tree}/${other.file.path}`;
  return wheel.scripts.some(({ name }) => path.endsWith(`/${name}`)) && !path.startsWith(`${root}/`)
    ? undefined
    : `${wheel.tree}/${path.slice(root.length + 1)}`;
}

function differs(path: string, source: string | undefined): boolean {
  if (source === undefined) return true;
  try {
    return !readFileSync(path).equals(readFileSync(source));
  } catch {
    return true;
  }
}

function isThere(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}

function digestOf(contents: string | Uint8Array): string {
  return `sha256=${createHash('sha256').update(contents).digest('base64url')}`;
}

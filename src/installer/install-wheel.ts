/**
 * Installing one stored wheel, and in the same step removing what it replaces.
 * https://packaging.python.org/en/latest/specifications/binary-distribution-format/#installing-a-wheel-distribution-1-0-py32-none-any-whl
 */

import { closeSync, existsSync, mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { writeWhole } from '../archive/write-whole.ts';
import { isThere } from '../files/is-there.ts';
import type { Linker } from '../files/link.ts';
import { keepInstaller, keepRecord, linkInstaller, linkRecord } from './_kept-dist-info.ts';
import { type FolderToOpen, foldersToOpen, infoFolders, linkFolder, wholeFolders } from './_whole-folders.ts';
import type { WheelBytecode } from './bytecode.ts';
import { type RecordEntry, recordRow, withRows } from './record.ts';
import { programText, scriptText, windowsStarter, withInterpreter } from './scripts.ts';
import { type FilesIn, type HeldJournal, runStep } from './step.ts';
import { type StoredFile, type StoredWheel, storedRows } from './stored-wheel.ts';
import { type InstallTarget, recordPath, schemeFolder } from './target.ts';
import { type Removal, removeEmptiedFolders } from './uninstall.ts';
import { folderOf } from './wheel-paths.ts';
import { launcherProgram } from './windows-launcher.ts';

export interface InstallWheelOptions {
  readonly link: Linker;
  /** INSTALLER's text. */
  readonly installer: string;
  /** direct_url.json's text (PEP 610); undefined for what comes from an index. */
  readonly directUrl?: string | undefined;
  /** What the wheel replaces. */
  readonly replaces?: Removal | undefined;
  /** Bytecode to be installed with the sources. */
  readonly bytecode?: WheelBytecode | undefined;
  /** The journal of the folder that the wheel goes to. Default: opened for this wheel only. */
  readonly journal?: HeldJournal | undefined;
}

/** What an installation did beside what was asked. */
export interface InstalledWheel {
  /** Files of other distributions that were replaced by different ones. */
  readonly overwritten: readonly string[];
}

/** Installs the wheel into the environment, in one step. Throws the file system's error, with all as it was. */
export function installWheel(wheel: StoredWheel, target: InstallTarget, options: InstallWheelOptions): InstalledWheel {
  // 1. Where every file goes, and from where.
  const replaced = new Set(options.replaces?.paths);
  const layout = layOut(wheel, target, options, replaced);
  const { root, linked, placed, scripts, wholes, opened } = layout;
  const single: readonly Placed[] = [...placed, ...scripts];

  // 2. What is in the way: what is replaced, and what nobody asked to replace.
  const gone = new Set([...replaced, ...opened.map(({ path }) => path)]);
  const folders = new Set([
    root,
    ...linked.flatMap(foldersOf),
    ...wholes.map((folder) => folderOf(`${root}/${folder}`)),
    ...single.map(({ path }) => folderOf(path)),
  ]);
  const fresh = missingFolders([...folders], gone, target.prefix);
  const inTheWay = [
    ...linked.flatMap((tree) => filesBeside(tree, fresh)),
    ...single.filter(({ path }) => !fresh.has(folderOf(path))),
  ].filter(({ path }) => !gone.has(path) && isThere(path));
  const overwritten = inTheWay.filter(({ path, source }) => differs(path, source)).map(({ path }) => path);
  const records = opened.flatMap(({ record }) => (record === undefined ? [] : [record]));
  const distInfo = `${root}/${wheel.distInfo}`;
  const rewritten = records.map(({ path }) => path);

  const plan = {
    label: `${wheel.distribution} (${wheel.version})`,
    removes: [...new Set([...gone, ...rewritten, ...inTheWay.map(({ path }) => path), distInfo])],
    folders: [...fresh],
    creates: [...single.map(({ path }) => path), ...rewritten],
    createsIn: [...linked.map(({ folder, paths }) => ({ folder, paths })), { folder: root, paths: wholes }],
    distInfo,
  };
  const work = (staged: string): void => {
    // 3. The files as they are in the wheel.
    for (const { source, folder, paths } of linked) {
      for (const path of paths) options.link(`${source}/${path}`, `${folder}/${path}`);
    }
    for (const folder of wholes) linkFolder(wheel, folder, `${root}/${folder}`);
    for (const { path, text } of records) writeFileSync(path, text, { flag: 'wx' });
    // 4. Scripts for entry points, and the files of the .data folder, whose scripts get the environment's interpreter.
    const own = [
      ...scripts.map((script) => writeScript(script, root)),
      ...placed.map(({ file, path }) => placeFile(file, path, { wheel, target, root, link: options.link })),
    ];
    // 5. The dist-info folder, complete, beside its place; the step's end puts it there.
    stageDistInfo(staged, { wholes, own }, wheel, options);
  };
  runStep(root, plan, work, options.journal);
  if (options.replaces !== undefined) removeEmptiedFolders(options.replaces, target);
  return { overwritten };
}

/** A file to be made; without a source, what it holds is computed. */
interface Placed {
  readonly path: string;
  readonly source?: string | undefined;
}

/** Files that are linked as they are below `source`. */
interface LinkedFiles extends FilesIn {
  readonly source: string;
  /** Those of `folder` that the files are in, where they are known. */
  readonly folders?: readonly string[] | undefined;
}

interface Layout {
  readonly root: string;
  readonly linked: readonly LinkedFiles[];
  readonly placed: readonly (Placed & { readonly file: StoredFile })[];
  readonly scripts: readonly GeneratedScript[];
  /** Folders that are linked whole. */
  readonly wholes: readonly string[];
  readonly opened: readonly FolderToOpen[];
}

function layOut(
  wheel: StoredWheel,
  target: InstallTarget,
  options: InstallWheelOptions,
  replaced: ReadonlySet<string>,
): Layout {
  const root = schemeFolder(target, 'root', wheel);
  const bytecode = options.bytecode ?? { tree: '', paths: [] };
  const opened = foldersToOpen(wheel, root, replaced);
  const byFolder = options.link.byFolder && bytecode.paths.length === 0;
  const wholes = byFolder ? wholeFolders(wheel, root, replaced, opened) : [];
  const single = filesOutside(wheel, wholes);
  const own = new Set(opened.length === 0 ? [] : single.map((path) => `${root}/${path}`));
  return {
    root,
    linked: [
      ...opened.map(({ path: folder, source, files }) => ({
        folder,
        source,
        paths: files.filter((path) => !own.has(`${folder}/${path}`)),
      })),
      { folder: root, source: wheel.tree, paths: single, folders: single === wheel.plain ? wheel.folders : undefined },
      { folder: root, source: bytecode.tree, paths: bytecode.paths },
    ],
    placed: wheel.placed.map((file) => ({
      file,
      path: `${schemeFolder(target, file.scheme, wheel)}/${file.target}`,
      source: file.rewrite ? undefined : `${wheel.tree}/${file.path}`,
    })),
    scripts: generatedScripts(wheel, target),
    wholes,
    opened,
  };
}

/** The wheel's files that are in none of these of its `wholes`. */
function filesOutside(wheel: StoredWheel, wholes: readonly string[]): readonly string[] {
  if (wholes.length === 0) return wheel.plain;
  if (wholes.length === wheel.wholes.length) return wheel.loose;
  return wheel.plain.filter((path) => !wholes.some((folder) => path.startsWith(`${folder}/`)));
}

interface GeneratedScript {
  readonly name: string;
  readonly path: string;
  readonly contents: string | Uint8Array;
}

function generatedScripts(wheel: StoredWheel, target: InstallTarget): GeneratedScript[] {
  return wheel.scripts.flatMap((script) => {
    const at = (ending: string, contents: string | Uint8Array): GeneratedScript => {
      const name = script.name + ending;
      return { name, path: `${target.scripts}/${name}`, contents };
    };
    if (process.platform !== 'win32') return [at('', scriptText(script, target.python))];
    if (target.launchers === undefined) {
      return [at('', scriptText(script, target.python)), at('.cmd', windowsStarter(script.name, target.python))];
    }
    const launched = { text: programText(script), gui: script.gui };
    return [at('.exe', launcherProgram(target.launchers, launched, target.python))];
  });
}

function writeScript({ name, path, contents }: GeneratedScript, root: string): RecordEntry {
  writeFileSync(path, contents, { mode: 0o777, flag: 'wx' });
  return { key: name, row: recordRow(recordPath(root, path), digestOf(contents), Buffer.byteLength(contents)) };
}

interface Placement {
  readonly wheel: StoredWheel;
  readonly target: InstallTarget;
  readonly root: string;
  readonly link: Linker;
}

function placeFile(file: StoredFile, path: string, { wheel, target, root, link }: Placement): RecordEntry {
  const source = `${wheel.tree}/${file.path}`;
  if (!file.rewrite) {
    link(source, path);
    return { key: file.target, row: recordRow(recordPath(root, path), file.hash, file.size) };
  }
  const contents = withInterpreter(readFileSync(source), target.python);
  writeFileSync(path, contents, { mode: 0o777, flag: 'wx' });
  return { key: file.target, row: recordRow(recordPath(root, path), digestOf(contents), contents.length) };
}

/** Makes the dist-info folder's files in `staged`; `wholes` and `own` have rows of RECORD beside those of the wheel's own. */
function stageDistInfo(
  staged: string,
  { wholes, own }: { readonly wholes: readonly string[]; readonly own: readonly RecordEntry[] },
  wheel: StoredWheel,
  { link, installer, directUrl }: InstallWheelOptions,
): void {
  const { tree, info, distInfo } = wheel;
  const within = link.byFolder ? infoFolders(wheel) : [];
  for (const folder of within) linkFolder(wheel, folder, `${staged}${folder.slice(distInfo.length)}`);
  const made = new Set([staged]);
  for (const path of info) {
    const place = `${staged}${path.slice(distInfo.length)}`;
    const folder = folderOf(place);
    if (folder !== staged && link.byFolder) continue;
    if (!made.has(folder)) mkdirSync(folder, { recursive: true });
    made.add(folder);
    link(`${tree}/${path}`, place);
  }
  const isSameEverywhere = own.length === 0 && directUrl === undefined;
  const kept = { installer, wholes: [...wholes, ...within] };
  if (isSameEverywhere && linkRecord(wheel, kept, staged, link)) return;
  if (!linkInstaller(wheel, installer, staged, link)) {
    writeFileSync(`${staged}/INSTALLER`, installer, { flag: 'wx' });
    keepInstaller(wheel, installer, staged, link);
  }
  const installerRow = recordRow(`${distInfo}/INSTALLER`, digestOf(installer), Buffer.byteLength(installer));
  const record = withRows(storedRows(wheel), [
    ...kept.wholes.map((folder) => ({ key: folder, row: recordRow(folder) })),
    ...own,
    { key: `${distInfo}/INSTALLER`, row: installerRow },
    { key: `${distInfo}/RECORD`, row: recordRow(`${distInfo}/RECORD`) },
  ]);
  if (directUrl !== undefined) {
    writeFileSync(`${staged}/direct_url.json`, directUrl, { flag: 'wx' });
    record.push(Buffer.from(recordRow(`${distInfo}/direct_url.json`)));
  }
  writePieces(`${staged}/RECORD`, record);
  if (isSameEverywhere) keepRecord(wheel, kept, staged, link);
}

/** Makes a new file of the pieces. */
function writePieces(path: string, pieces: readonly Uint8Array[]): void {
  const file = openSync(path, 'wx');
  try {
    for (const piece of pieces) writeWhole(file, piece);
  } finally {
    closeSync(file);
  }
}

/** Those of the folders, and of the ones they are in, that are not there or `gone`; each after the one it is in. */
function missingFolders(folders: readonly string[], gone: ReadonlySet<string>, prefix: string): ReadonlySet<string> {
  const missing = new Set<string>();
  // The environment's own folder is there, and so are those that it is in.
  const present = new Set<string>([prefix]);
  const look = (folder: string): void => {
    if (missing.has(folder) || present.has(folder)) return;
    const parent = dirname(folder);
    if (parent !== folder) look(parent);
    if (missing.has(parent) || gone.has(folder) || !existsSync(folder)) missing.add(folder);
    else present.add(folder);
  };
  for (const folder of folders) look(folder);
  return missing;
}

function differs(path: string, source: string | undefined): boolean {
  if (source === undefined) return true;
  try {
    return !readFileSync(path).equals(readFileSync(source));
  } catch {
    return true;
  }
}

/** The folders of the files, each once. */
function foldersOf({ folder, paths, folders }: LinkedFiles): readonly string[] {
  const below = folders ?? new Set(paths.map((path) => (path.includes('/') ? folderOf(path) : '')));
  return [...below].map((one) => (one === '' ? folder : `${folder}/${one}`));
}

/** Those of the files whose folder is none of the `fresh` ones, so that something may be in their place. */
function filesBeside({ folder, source, paths }: LinkedFiles, fresh: ReadonlySet<string>): readonly Placed[] {
  if (fresh.has(folder)) return [];
  const beside: Placed[] = [];
  // What is below a fresh folder is fresh, and its files mostly stand side by side.
  let below = '';
  for (const path of paths) {
    if (below !== '' && path.startsWith(below)) continue;
    const top = path.slice(0, path.indexOf('/') + 1);
    if (top !== '' && fresh.has(`${folder}/${top.slice(0, -1)}`)) below = top;
    else if (top === '' || !fresh.has(`${folder}/${folderOf(path)}`)) {
      beside.push({ path: `${folder}/${path}`, source: `${source}/${path}` });
    }
  }
  return beside;
}

function digestOf(contents: string | Uint8Array): string {
  return `sha256=${new Bun.CryptoHasher('sha256').update(contents).digest('base64url')}`;
}

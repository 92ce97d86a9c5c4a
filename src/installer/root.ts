/**
 * The project itself, installed so that changes of its sources show at once, in Poetry's form: a `.pth` file with its
 * folders, its scripts, and a dist-info folder that says where it is (PEP 610).
 */

import { chmodSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { InstalledDistribution } from '../environments/installed.ts';
import { TercetError } from '../ground/error.ts';
import { fileUrl } from '../ground/file-url.ts';
import { pythonJson } from '../ground/python-json.ts';
import type { Manifest } from '../manifest/manifest.ts';
import { type EntryPointScript, parseEntryPointScripts } from './entry-points.ts';
import { shebang, windowsStarter } from './scripts.ts';
import { runStep } from './step.ts';
import type { InstallTarget } from './target.ts';
import { removalOf, removeEmptiedFolders } from './uninstall.ts';

/** A file of the project's dist-info folder, relative to it. */
interface DistInfoFile {
  readonly path: string;
  readonly contents: Uint8Array;
}

/** The project as its build backend makes it editable. */
export interface EditableRoot {
  /** The name of the `.pth` file without its ending. */
  readonly moduleName: string;
  /** Absolute folders for the `.pth` file. */
  readonly folders: readonly string[];
  /** Without RECORD, INSTALLER and direct_url.json. */
  readonly distInfo: readonly DistInfoFile[];
}

export interface RootOptions {
  readonly manifest: Manifest;
  readonly editable: EditableRoot;
  readonly projectDir: string;
  readonly target: InstallTarget;
  /** What is installed under the project's name. */
  readonly installed?: InstalledDistribution | undefined;
  /** Told of what is left out, such as a script that is not there. */
  readonly warn: (text: string) => void;
}

interface FileToWrite {
  readonly path: string;
  readonly contents: Uint8Array;
  readonly executable: boolean;
}

/**
 * Installs the project into the environment; true where something changed. Throws `root-not-found`, `script-invalid`,
 * or the file system's error, with the environment as it was.
 */
export function installRoot(options: RootOptions): boolean {
  const { manifest, editable, target, installed } = options;
  const pth = file(
    join(target.purelib, `${editable.moduleName}.pth`),
    editable.folders.map((folder) => `${folder}\n`).join(''),
  );
  const outside = [pth, ...scriptFiles(options)];
  const distInfo = join(
    target.purelib,
    `${editable.moduleName}-${(manifest.version ?? '').replaceAll('-', '_')}.dist-info`,
  );
  const info = distInfoFiles(options, distInfo);
  const record = file(join(distInfo, 'RECORD'), recordText([...outside, ...info], join(distInfo, 'RECORD')));
  const inside = [...info, record];
  if (installed?.path === distInfo && [...outside, ...inside].every(isWritten)) return false;

  const removal = installed === undefined || installed.inherited ? undefined : removalOf(installed.path, target);
  const paths = outside.map(({ path }) => path);
  const plan = {
    label: `${manifest.prettyName} (${manifest.version})`,
    removes: [...new Set([...(removal?.paths ?? []), ...paths, distInfo])],
    folders: [target.purelib, target.scripts].filter((folder) => !existsSync(folder)),
    creates: paths,
    distInfo,
  };
  runStep(target.purelib, plan, (staged) => {
    for (const one of outside) write(one.path, one);
    for (const one of inside) write(join(staged, one.path.slice(distInfo.length + 1)), one);
  });
  const gone = removal?.paths.filter((path) => !paths.includes(path));
  if (removal !== undefined && gone !== undefined) removeEmptiedFolders({ ...removal, paths: gone }, target);
  return true;
}

function scriptFiles({ manifest, editable, projectDir, target, warn }: RootOptions): FileToWrite[] {
  const files = rootScripts(editable).flatMap(({ name, module, attribute }) => {
    const path = join(target.scripts, name);
    const script = file(path, scriptText(module, attribute, target.python), true);
    return process.platform === 'win32'
      ? [script, file(`${path}.cmd`, windowsStarter(name, target.python), true)]
      : [script];
  });
  for (const [name, script] of manifest.poetryScripts) {
    if (script.kind !== 'file') continue;
    const source = join(projectDir, script.path);
    if (statSync(source, { throwIfNoEntry: false })?.isFile() === true) {
      files.push({ path: join(target.scripts, name), contents: readFileSync(source), executable: true });
    } else {
      const why = existsSync(source) ? 'is not a file' : 'does not exist';
      warn(`  - File script ${name} references ${script.path} which ${why}`);
    }
  }
  return files;
}

function rootScripts({ distInfo }: EditableRoot): readonly EntryPointScript[] {
  const text = distInfo.find(({ path }) => path === 'entry_points.txt')?.contents;
  try {
    return parseEntryPointScripts(Buffer.from(text ?? []).toString());
  } catch (cause) {
    throw new TercetError('script-invalid', `Bad script: ${(cause as Error).message}`, {
      hints: ['A script names a function in a module: module.submodule:function'],
      cause,
    });
  }
}

function scriptText(module: string, attribute: string, python: string): string {
  return `${shebang(python)}
import sys
from ${module} import ${attribute.split('.')[0]}

if __name__ == '__main__':
    sys.exit(${attribute}())
`;
}

function distInfoFiles({ editable, projectDir }: RootOptions, distInfo: string): FileToWrite[] {
  const files = editable.distInfo.map(({ path, contents }) => ({
    path: join(distInfo, path),
    contents,
    executable: false,
  }));
  const direct = pythonJson({ dir_info: { editable: true }, url: fileUrl(projectDir) });
  return [...files, file(join(distInfo, 'INSTALLER'), 'poetry'), file(join(distInfo, 'direct_url.json'), direct)];
}

/** Poetry's RECORD of an editable project: absolute paths, lines that end as in CSV. */
function recordText(files: readonly FileToWrite[], record: string): string {
  const quoted = (path: string): string => (/[",\r\n]/.test(path) ? `"${path.replaceAll('"', '""')}"` : path);
  const rows = files.map(
    ({ path, contents }) =>
      `${quoted(path)},sha256=${new Bun.CryptoHasher('sha256').update(contents).digest('base64url')},${contents.length}`,
  );
  return [...rows, `${quoted(record)},,`, ''].join('\r\n');
}

function file(path: string, text: string, executable = false): FileToWrite {
  return { path, contents: Buffer.from(text), executable };
}

function write(path: string, { contents, executable }: FileToWrite): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, contents, { flag: 'wx' });
  if (executable) chmodSync(path, 0o755);
}

function isWritten({ path, contents }: FileToWrite): boolean {
  try {
    return readFileSync(path).equals(contents);
  } catch {
    return false;
  }
}

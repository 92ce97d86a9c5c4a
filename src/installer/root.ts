/**
 * The project itself, installed so that changes of its sources show at once, in Poetry's form: a `.pth` file with its
 * folders, its scripts, and a dist-info folder that says where it is (PEP 610).
 */

import { createHash } from 'node:crypto';
import { chmodSync, existsSync, globSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { InstalledDistribution } from '../environments/installed.ts';
import { TercetError } from '../ground/error.ts';
import { pythonJson } from '../ground/python-json.ts';
import type { Manifest } from '../manifest/manifest.ts';
import { asString, asStrings, asTable, tableAt } from '../toml/read.ts';
import { fileUrl } from './direct-url.ts';
import { type EntryPointScript, parseEntryPointScripts } from './entry-points.ts';
import { licensePath, readmePaths, rootMetadata } from './root-metadata.ts';
import { importFolders, moduleName } from './root-packages.ts';
import { shebang, windowsStarter } from './scripts.ts';
import { runStep } from './step.ts';
import type { InstallTarget } from './target.ts';
import { removalOf, removeEmptiedFolders } from './uninstall.ts';

export interface RootOptions {
  readonly manifest: Manifest;
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
  const { manifest, projectDir, target, installed } = options;
  const pth = file(
    join(target.purelib, `${moduleName(manifest)}.pth`),
    importFolders(manifest, projectDir)
      .map((folder) => `${folder}\n`)
      .join(''),
  );
  const outside = [pth, ...scriptFiles(options)];
  const distInfo = join(
    target.purelib,
    `${moduleName(manifest)}-${(manifest.version ?? '').replaceAll('-', '_')}.dist-info`,
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

function scriptFiles({ manifest, projectDir, target, warn }: RootOptions): FileToWrite[] {
  const files = rootScripts(manifest).flatMap(({ name, module, attribute }) => {
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

function rootScripts(manifest: Manifest): readonly EntryPointScript[] {
  try {
    return parseEntryPointScripts(entryPointsText(manifest));
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

function distInfoFiles({ manifest, projectDir }: RootOptions, distInfo: string): FileToWrite[] {
  const licenses = licenseFiles(manifest, projectDir);
  const readmes = readmePaths(manifest).map((path) => readReadme(projectDir, path));
  const named = licensePath(manifest);
  const licenseText = named === undefined ? undefined : readLicense(projectDir, named);
  const isPure =
    tableAt(manifest.toml, 'tool', 'poetry', 'build')?.script === undefined &&
    asString(tableAt(manifest.toml, 'tool', 'poetry')?.build) === undefined;
  const files = [
    file(join(distInfo, 'METADATA'), rootMetadata(manifest, { readmes, licenses, licenseText })),
    file(
      join(distInfo, 'WHEEL'),
      `Wheel-Version: 1.0\nGenerator: poetry-core 2.5.0\nRoot-Is-Purelib: ${isPure}\nTag: py3-none-any\n`,
    ),
    ...(manifest.entryPoints.size === 0 ? [] : [file(join(distInfo, 'entry_points.txt'), entryPointsText(manifest))]),
    ...licenses.map((path) => ({
      path: join(distInfo, 'licenses', path),
      contents: readFileSync(join(projectDir, path)),
      executable: false,
    })),
  ];
  files.sort((a, b) => (a.path < b.path ? -1 : 1));
  const direct = pythonJson({ dir_info: { editable: true }, url: fileUrl(projectDir) });
  return [...files, file(join(distInfo, 'INSTALLER'), 'poetry'), file(join(distInfo, 'direct_url.json'), direct)];
}

function entryPointsText({ entryPoints }: Manifest): string {
  return [...entryPoints]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([group, points]) => {
      const lines = [...points].map(([name, reference]) => `${name}=${reference}`.replaceAll(' ', '')).sort();
      return `[${group}]\n${lines.join('\n')}\n\n`;
    })
    .join('');
}

/** Paths below the project: by the manifest's globs, else by the usual names. */
function licenseFiles({ toml }: Manifest, projectDir: string): readonly string[] {
  const project = asTable(toml.project) ?? {};
  const written = project['license-files'];
  const named = asString(asTable(project.license)?.file);
  const globs =
    written === undefined ? ['COPYING*', 'LICEN[SC]E*', 'AUTHORS*', 'NOTICE*', 'LICENSES/**/*'] : asStrings(written);
  const found = globs.flatMap((glob) => globSync(glob, { cwd: projectDir }));
  const paths = new Set([...found, ...(named === undefined ? [] : [named])]);
  return [...paths]
    .filter((path) => statSync(join(projectDir, path), { throwIfNoEntry: false })?.isFile() === true)
    .map((path) => path.replaceAll('\\', '/'))
    .sort();
}

function readLicense(projectDir: string, path: string): string {
  try {
    return readFileSync(join(projectDir, path), 'utf8');
  } catch (cause) {
    throw new TercetError('root-not-found', `Poetry: license file '${join(projectDir, path)}' not found`, { cause });
  }
}

function readReadme(projectDir: string, path: string): string {
  try {
    return readFileSync(join(projectDir, path), 'utf8');
  } catch (cause) {
    throw new TercetError('root-not-found', `Readme path \`${join(projectDir, path)}\` does not exist.`, { cause });
  }
}

/** Poetry's RECORD of an editable project: absolute paths, lines that end as in CSV. */
function recordText(files: readonly FileToWrite[], record: string): string {
  const quoted = (path: string): string => (/[",\r\n]/.test(path) ? `"${path.replaceAll('"', '""')}"` : path);
  const rows = files.map(
    ({ path, contents }) =>
      `${quoted(path)},sha256=${createHash('sha256').update(contents).digest('base64url')},${contents.length}`,
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

/**
 * The `dist-info` folder of a wheel, and of an editable installation, without its RECORD.
 * https://packaging.python.org/en/latest/specifications/binary-distribution-format/
 */

import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { ArchiveEntry } from '../archive/entry.ts';
import { parseConstraint } from '../versions/poetry-constraint.ts';
import { allowsAny } from '../versions/version-range.ts';
import { comparePaths } from './_paths.ts';
import { entryPointsText } from './entry-points.ts';
import type { CoreFields } from './metadata.ts';
import { BACKEND_VERSION, type BuildSource, distributionName, isPure } from './source.ts';

/** Its name. */
export function distInfoName(source: BuildSource): string {
  return `${distributionName(source)}-${source.version}.dist-info`;
}

/** The tag of a wheel without compiled parts; a project that allows Python 2 is for both. */
export function pureTag({ manifest }: BuildSource): string {
  return `${allowsAny(manifest.python, parseConstraint('>=2.0.0 <3.0.0')) ? 'py2.py3' : 'py3'}-none-any`;
}

/** Files relative to the folder, sorted by path. `tag` is the wheel's. Throws the file system's error. */
export function distInfoFiles(source: BuildSource, metadata: CoreFields, tag: string): readonly ArchiveEntry[] {
  const { manifest, projectDir } = source;
  const entries: ArchiveEntry[] = [
    entryOfText('METADATA', metadata.text),
    entryOfText('WHEEL', wheelText(source, tag)),
    ...(manifest.entryPoints.size === 0 ? [] : [entryOfText('entry_points.txt', entryPointsText(manifest))]),
    ...metadata.licenseFiles.map((path) => entryOfFile(`licenses/${path}`, join(projectDir, path))),
  ];
  return entries.sort((a, b) => comparePaths(a.path, b.path));
}

function wheelText({ manifest }: BuildSource, tag: string): string {
  return `Wheel-Version: 1.0\nGenerator: poetry-core ${BACKEND_VERSION}\nRoot-Is-Purelib: ${isPure(manifest)}\nTag: ${tag}\n`;
}

/** An entry that holds a text. */
export function entryOfText(path: string, text: string): ArchiveEntry {
  return { path, contents: Buffer.from(text), executable: false };
}

/** An entry that holds a file's contents; executable where its owner may execute it. Throws the file system's error, or one for what is no file. */
export function entryOfFile(path: string, file: string): ArchiveEntry {
  const stat = statSync(file);
  // Reading a pipe would wait for somebody to write.
  if (!stat.isFile()) throw new Error('it is no regular file');
  const special = stat.mode & 0o7000;
  const executable = (stat.mode & 0o100) !== 0;
  return { path, contents: readFileSync(file), executable, ...(special === 0 ? {} : { special }) };
}

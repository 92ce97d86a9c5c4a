/** Building distributions: one list of entries, given to the writer of the form that is wanted. */

import { mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { ArchiveEntry } from '../archive/entry.ts';
import { writeTarGz } from '../archive/write-tar.ts';
import { writeZip } from '../archive/write-zip.ts';
import { TercetError } from '../ground/error.ts';
import { ignoredFiles } from './_ignored-files.ts';
import { archiveTime } from './archive-time.ts';
import { pureTag } from './dist-info.ts';
import { coreMetadata } from './metadata.ts';
import { findPackages } from './packages.ts';
import { sdistContents, sdistName } from './sdist.ts';
import { exclusion, includedPaths, selectFiles } from './select-files.ts';
import type { BuildSource, DistributionFormat } from './source.ts';
import { type WheelParts, wheelContents, wheelName, withRecord } from './wheel.ts';

export interface BuildOptions {
  /** Absolute folder, made where it is missing. */
  readonly target: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Told of settings that cannot be followed. */
  readonly warn: (text: string) => void;
  /** Called when what the manifest refers to has been read, before anything is written. */
  readonly started?: () => void;
}

/**
 * Builds one distribution of a project without build script, and answers with its file's name. A file of that name is replaced once
 * the new one is whole. Throws `root-not-found` for packages and readmes that are missing, and as `coreMetadata` and `selectFiles`.
 */
export async function buildDistribution(
  source: BuildSource,
  format: DistributionFormat,
  options: BuildOptions,
): Promise<string> {
  const metadata = coreMetadata(source);
  options.started?.();
  const time = archiveTime(format, options.env, options.warn);
  const tag = pureTag(source);
  const entries = await entriesOf(source, format, { metadata, tag });
  const name = format === 'sdist' ? `${sdistName(source)}.tar.gz` : wheelName(source, tag);
  makeFolder(options.target);
  await written(join(options.target, name), async (staged) => {
    if (format === 'sdist') await writeTarGz(staged, entries, { time });
    else writeZip(staged, withRecord(source, entries), { time });
  });
  return name;
}

/** What a distribution holds, a wheel's RECORD apart. */
async function entriesOf(
  source: BuildSource,
  format: DistributionFormat,
  parts: WheelParts,
): Promise<Iterable<ArchiveEntry>> {
  const { manifest, projectDir } = source;
  const packages = findPackages(manifest, projectDir, format);
  const ignored = await ignoredFiles(projectDir);
  const files = selectFiles(source, { format, packages, ignored });
  if (format === 'wheel') return wheelContents(source, files, parts);
  const isExcluded = exclusion(source, ignored, includedPaths(source, format));
  return sdistContents(source, { ...parts, files, packages, isExcluded });
}

function makeFolder(path: string): void {
  try {
    mkdirSync(path, { recursive: true });
  } catch (cause) {
    throw new TercetError('not-writable', `${path} cannot be made: ${(cause as Error).message}`, { cause });
  }
}

/** Writes beside the place and renames; nothing is left of what failed. */
async function written(file: string, write: (staged: string) => Promise<void>): Promise<void> {
  const staged = `${file}.${process.pid}.tmp`;
  try {
    await write(staged);
    renameSync(staged, file);
  } catch (error) {
    rmSync(staged, { force: true });
    if (error instanceof TercetError || !isFileError(error)) throw error;
    throw new TercetError('not-writable', `${file} cannot be written: ${error.message}`, { cause: error });
  }
}

function isFileError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'syscall' in error;
}

/** Which file's metadata speak for a release: in the order in which Poetry looks. */

import { type IndexFile, isWheel, isYanked } from './index-file.ts';

/** One file, or two universal wheels for Python 2 and 3 whose metadata are to be merged. */
export type Choice =
  | { readonly kind: 'one'; readonly file: IndexFile }
  | { readonly kind: 'pair'; readonly py2: IndexFile; readonly py3: IndexFile };

const WHEEL_TAGS = /-([^-]+)-([^-]+)-([^-]+)\.whl$/;
const READABLE_SDIST = /\.(?:zip|tar(?:\.(?:gz|bz2|xz|Z))?)$/;

/**
 * For any index: universal wheels first (`py2.py3`, then a pair of `py2` and another, then either), then the first wheel, then the
 * first source distribution. Yanked files do not count unless there are no others. Undefined where there is nothing to read.
 */
export function chooseFile(files: readonly IndexFile[]): Choice | undefined {
  const kept = files.filter((file) => !isYanked(file));
  const wheels: IndexFile[] = [];
  let sdist: IndexFile | undefined;
  let both: IndexFile | undefined;
  let py2: IndexFile | undefined;
  let py3: IndexFile | undefined;
  for (const file of kept.length > 0 ? kept : files) {
    if (!isWheel(file.file)) {
      if (READABLE_SDIST.test(file.file)) sdist ??= file;
      continue;
    }
    const match = WHEEL_TAGS.exec(file.file);
    if (match === null) continue;
    if (match[2] !== 'none' || match[3] !== 'any') wheels.push(file);
    else if (match[1] === 'py2.py3') both = file;
    else if (match[1] === 'py2') py2 = file;
    else py3 = file;
  }
  if (both !== undefined) return { kind: 'one', file: both };
  if (py2 !== undefined && py3 !== undefined) return { kind: 'pair', py2, py3 };
  const file = py3 ?? py2 ?? wheels[0] ?? sdist;
  return file === undefined ? undefined : { kind: 'one', file };
}

/**
 * For PyPI: it shows the metadata of the file that was uploaded first, and wheels are uploaded before source distributions.
 * Wheels by upload time; empty where there are none or the index does not say when they came.
 */
export function wheelsByUpload(files: readonly IndexFile[]): readonly IndexFile[] {
  const wheels = files.filter((file) => isWheel(file.file));
  if (wheels.some((file) => file.uploadTime === undefined)) return [];
  return wheels.sort((a, b) => order(a.uploadTime ?? '', b.uploadTime ?? '') || order(a.file, b.file));
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

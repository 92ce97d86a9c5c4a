/**
 * Linking a wheel's packages as whole folders, for environments that are thrown away: one symbolic link in place of a
 * thousand. What is linked whole lies in the store, so nothing may ever be written or removed through the link.
 */

import {
  linkSync,
  lstatSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  rmSync,
  type Stats,
  symlinkSync,
} from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { isThere } from '../files/is-there.ts';
import type { StoredWheel } from './stored-wheel.ts';

/** A link that has to become a real folder, because another wheel has files for it too. */
export interface FolderToOpen {
  /** The link. */
  readonly path: string;
  /** What it points to. */
  readonly source: string;
  /** Files below it. */
  readonly files: readonly string[];
  /** RECORD of the distribution that made the link, and its new text. */
  readonly record: { readonly path: string; readonly text: string } | undefined;
}

/**
 * The wheel's folders that can be links: those where nothing stands yet or only what will be `gone`, and that are in none of the
 * `opened`. None where its native libraries look for others beside it.
 */
export function wholeFolders(
  wheel: StoredWheel,
  root: string,
  gone: ReadonlySet<string>,
  opened: readonly FolderToOpen[],
): readonly string[] {
  if (wheel.reachesOutside) return [];
  return wheel.wholes.filter((folder) => {
    const path = `${root}/${folder}`;
    if (opened.some((one) => path === one.path || path.startsWith(`${one.path}/`))) return false;
    return gone.has(path) || !isThere(path);
  });
}

/** The folders of the wheel's dist-info folder, by their paths in the wheel: in most wheels the one of its licences. */
export function infoFolders({ info, distInfo }: StoredWheel): readonly string[] {
  const start = distInfo.length + 1;
  const below = info.filter((path) => path.includes('/', start));
  return [...new Set(below.map((path) => path.slice(0, path.indexOf('/', start))))];
}

/**
 * Links the wheel's folder `path` to `place`. The link is one more name of a link that is kept beside the wheel's files, where that can
 * be: a file system makes a name in a tenth of the time that a file takes.
 */
export function linkFolder({ tree }: StoredWheel, path: string, place: string): void {
  const target = normalize(`${tree}/${path}`);
  const kept = `${dirname(tree)}/to.${encodeURIComponent(path)}`;
  if (linkKeptLink(kept, target, place)) return;
  // Windows lets everybody make a junction; elsewhere that is a symbolic link like any other.
  symlinkSync(target, place, 'junction');
  try {
    rmSync(kept, { force: true });
    linkSync(place, kept);
  } catch {
    // Another process keeps it already, the store can only be read or is on another device, or links have one name only here.
  }
}

/** False where the link is not kept, has too many names, or was made while the store was in another place. */
function linkKeptLink(kept: string, target: string, place: string): boolean {
  try {
    if (readlinkSync(kept) !== target) return false;
    linkSync(kept, place);
    return true;
  } catch {
    return false;
  }
}

/** The links among the folders that the wheel has files for. */
export function foldersToOpen(wheel: StoredWheel, root: string, gone: ReadonlySet<string>): readonly FolderToOpen[] {
  const found = (folder: string): Stats | undefined => {
    const path = `${root}/${folder}`;
    return gone.has(path) ? undefined : lstatSync(path, { throwIfNoEntry: false });
  };
  // Mostly none of them is there, and the list of folders need not be read.
  if (wheel.tops.every((top) => wheel.loose.includes(top) || found(top) === undefined)) return [];
  const real = new Set(['.']);
  const links: string[] = [];
  for (const folder of wheel.folders) {
    const there = real.has(dirname(folder)) ? found(folder) : undefined;
    if (there?.isSymbolicLink() === true) links.push(folder);
    else if (there?.isDirectory() === true) real.add(folder);
  }
  return links.map((folder) => {
    const path = `${root}/${folder}`;
    const source = realpathSync(path);
    return { path, source, files: filesBelow(source, ''), record: recordWith(root, folder) };
  });
}

function filesBelow(folder: string, prefix: string): string[] {
  return readdirSync(join(folder, prefix), { withFileTypes: true }).flatMap((entry) => {
    const path = prefix === '' ? entry.name : `${prefix}/${entry.name}`;
    if (entry.name === '__pycache__') return [];
    return entry.isDirectory() ? filesBelow(folder, path) : [path];
  });
}

/** The RECORD that has a row for the link, without that row. */
function recordWith(root: string, link: string): { readonly path: string; readonly text: string } | undefined {
  for (const name of readdirSync(root)) {
    if (!name.endsWith('.dist-info')) continue;
    const path = `${root}/${name}/RECORD`;
    let text: string;
    try {
      text = readFileSync(path, 'utf8');
    } catch {
      continue;
    }
    if (`\n${text}`.includes(`\n${link},,\n`))
      return { path, text: `\n${text}`.replace(`\n${link},,\n`, '\n').slice(1) };
  }
  return undefined;
}

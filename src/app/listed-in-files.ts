/** `add -r`: what requirements files list, as wishes; what they pin, as releases to prefer; and what of them cannot be carried over. */

import { resolve } from 'node:path';
import type { LockedPackage } from '../lock/lock.ts';
import type { Context, Project } from './context.ts';
import { readRequirementFiles } from './foreign-files.ts';
import type { Wish } from './parse-wish.ts';
import { pinPreferences } from './pin-preferences.ts';

export interface Listed {
  /** Names without anything else. */
  readonly names: readonly string[];
  /** All others. */
  readonly wishes: readonly Wish[];
  readonly preferred: readonly LockedPackage[];
}

/** Reads them all. Throws a ParseError where one is missing. */
export async function listedInFiles(
  context: Context,
  { directory, manifest }: Project,
  { files, group }: { readonly files: readonly string[]; readonly group: string },
): Promise<Listed> {
  const paths = files.map((file) => resolve(context.cwd, file));
  const { requirements, pins, sources, leftovers } = readRequirementFiles(directory, paths, group);
  const warn = (text: string): void => context.emit({ kind: 'warning', text });
  for (const { place, text } of leftovers) warn(`${place}: ${text}`);
  for (const { name, url } of sources) {
    const isKnown = url === '' || manifest.sources.some((one) => one.url === url);
    if (!isKnown) warn(`The source ${url} is not one of the project's: \`tercet source add ${name} ${url}\``);
  }
  const { client: index } = await context.index(manifest.sources);
  const { preferred, missing } = await pinPreferences(index, pins);
  for (const { pin, text } of missing) warn(`${pin.place}: ${pin.name} ${pin.version} is not kept: ${text}`);
  const names: string[] = [];
  const wishes: Wish[] = [];
  for (const { name, wish } of requirements) {
    if (name !== undefined && Object.keys(wish).length === 0) names.push(name);
    else wishes.push({ name, table: { ...wish } });
  }
  return { names, wishes, preferred };
}

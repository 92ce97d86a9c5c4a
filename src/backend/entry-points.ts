/**
 * The text of `entry_points.txt`.
 * https://packaging.python.org/en/latest/specifications/entry-points/
 */

import { compareCodePoints } from '../ground/code-points.ts';
import type { Manifest } from '../manifest/manifest.ts';

/** Groups by name, in each its lines `name=reference` in the order of `name = reference`. */
export function entryPointsText(manifest: Pick<Manifest, 'entryPoints'>): string {
  return entryPointLines(manifest)
    .map(([group, lines]) => `[${group}]\n${lines.map((line) => `${line.replaceAll(' ', '')}\n`).join('')}\n`)
    .join('');
}

/** Sorted groups with sorted lines, `name = reference`. */
export function entryPointLines({
  entryPoints,
}: Pick<Manifest, 'entryPoints'>): readonly (readonly [group: string, lines: readonly string[]])[] {
  return [...entryPoints]
    .sort(([a], [b]) => compareCodePoints(a, b))
    .map(([group, points]) => [
      group,
      [...points].map(([name, reference]) => `${name} = ${reference}`).sort(compareCodePoints),
    ]);
}

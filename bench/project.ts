/** One case as each tool wants it: Poetry's pyproject.toml as it is, and the same requirements for uv. */

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readManifest } from '../src/manifest/read.ts';
import { formatRequirement } from '../src/requirements/pep508.ts';
import { formatRange } from '../src/versions/version-range.ts';
import type { ToolName } from './tools.ts';

/** Writes the case's project for `tool` into `folder`. */
export function writeProject(caseFolder: string, tool: ToolName, folder: string): void {
  mkdirSync(folder, { recursive: true });
  const text = readFileSync(join(caseFolder, 'pyproject.toml'), 'utf8');
  writeFileSync(join(folder, 'pyproject.toml'), tool === 'uv' ? forUv(text) : text);
}

/** The same requirements as PEP 621 and PEP 735 tables. */
function forUv(text: string): string {
  const manifest = readManifest(text);
  const quoted = (lines: readonly string[]) => lines.map((line) => `  ${JSON.stringify(line)},\n`).join('');
  const extras = [...manifest.extras].map(
    ([extra, requirements]) =>
      `${extra} = [\n${quoted(requirements.map((one) => formatRequirement(one, { extras: false })))}]\n`,
  );
  const groups = manifest.groups.map(({ name, requirements }) => ({
    name,
    lines: requirements.filter((one) => !one.optional).map((one) => formatRequirement(one, { extras: false })),
  }));
  const main = groups.find(({ name }) => name === 'main')?.lines ?? [];
  const others = groups.filter(({ name }) => name !== 'main');
  return [
    '[project]',
    `name = ${JSON.stringify(manifest.name ?? 'bench')}`,
    `version = ${JSON.stringify(manifest.version ?? '0')}`,
    `requires-python = ${JSON.stringify(formatRange(manifest.python))}`,
    `dependencies = [\n${quoted(main)}]`,
    '',
    '[project.optional-dependencies]',
    ...extras,
    '[dependency-groups]',
    ...others.map(({ name, lines }) => `${name} = [\n${quoted(lines)}]`),
    '',
    '[tool.uv]',
    'package = false',
    `default-groups = ${JSON.stringify(others.map(({ name }) => name))}`,
    '',
  ].join('\n');
}

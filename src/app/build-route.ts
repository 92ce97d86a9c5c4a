/** Who builds a project: the native backend, or the project's own in an isolated environment (PEP 517). */

import { BACKEND_VERSION, buildScript } from '../backend/source.ts';
import type { Manifest } from '../manifest/manifest.ts';
import { projectName } from '../names/name.ts';
import { parseRequirement } from '../requirements/pep508.ts';
import { parseVersion } from '../versions/version.ts';
import { allows } from '../versions/version-range.ts';

/**
 * `native` where no build backend is named, or where poetry-core in the version whose work the native backend does is all that is
 * required and no script is run; else `isolated`, as in Poetry.
 */
export function buildRoute(manifest: Manifest): 'native' | 'isolated' {
  const { buildSystem } = manifest;
  if (buildSystem?.backend === undefined) return 'native';
  const [only, second] = buildSystem.requires.map((text) => parseRequirement(text));
  if (buildScript(manifest) !== undefined || only === undefined || second !== undefined) return 'isolated';
  if (only.name !== projectName('poetry-core') || only.origin.kind !== 'index') return 'isolated';
  return allows(only.constraint, parseVersion(BACKEND_VERSION)) ? 'native' : 'isolated';
}

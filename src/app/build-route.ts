/** Who builds a project: the native backend, or the project's own in an isolated environment (PEP 517). */

import { BACKEND_VERSION, buildScript } from '../backend/source.ts';
import type { BuildSystem } from '../builder/build-system.ts';
import type { Manifest } from '../manifest/manifest.ts';
import { projectName } from '../names/name.ts';
import { parseRequirement } from '../requirements/pep508.ts';
import { tableAt } from '../toml/read.ts';
import { parseVersion } from '../versions/version.ts';
import { allows } from '../versions/version-range.ts';

/**
 * `native` where no build backend is named, or where poetry-core in the version whose work the native backend does is all that is
 * required and no script is run; else `isolated`, as in Poetry.
 */
export function buildRoute(manifest: Manifest): 'native' | 'isolated' {
  const { buildSystem } = manifest;
  if (versioningBuildSystem(manifest) !== undefined) return 'isolated';
  if (buildSystem?.backend === undefined) return 'native';
  const [only, second] = buildSystem.requires.map((text) => parseRequirement(text));
  if (buildScript(manifest) !== undefined || only === undefined || second !== undefined) return 'isolated';
  if (only.name !== projectName('poetry-core') || only.origin.kind !== 'index') return 'isolated';
  return allows(only.constraint, parseVersion(BACKEND_VERSION)) ? 'native' : 'isolated';
}

const POETRY_CORE = 'poetry.core.masonry.api';
const VERSIONING = 'poetry-dynamic-versioning';

/**
 * The build system of a project for which the plug-in poetry-dynamic-versioning is to find the version: the plug-in's own backend, which
 * finds it and leaves the rest to poetry-core. Undefined where the project does not enable it, or names a backend other than poetry-core.
 */
export function versioningBuildSystem({ toml, buildSystem }: Manifest): BuildSystem | undefined {
  const { backend = POETRY_CORE, requires = ['poetry-core'] } = buildSystem ?? {};
  if (tableAt(toml, 'tool', VERSIONING)?.enable !== true || backend !== POETRY_CORE) return undefined;
  const isRequired = requires.some((text) => parseRequirement(text).name === projectName(VERSIONING));
  return {
    requires: isRequired ? requires : [...requires, VERSIONING],
    backend: 'poetry_dynamic_versioning.backend',
    backendPath: [],
  };
}

/** What a distribution is built from: a manifest in its folder, under a version. */

import { TercetError } from '../ground/error.ts';
import type { Manifest, PackageInclude } from '../manifest/manifest.ts';
import { moduleName } from '../names/name.ts';
import { asArray, asString, asStrings, asTable, type TomlTable, tableAt } from '../toml/read.ts';
import { parseVersion } from '../versions/version.ts';

export type DistributionFormat = 'sdist' | 'wheel';

/** The poetry-core whose work this backend does. */
export const BACKEND_VERSION = '2.5.0';

export interface BuildSource {
  readonly manifest: Manifest;
  /** Absolute. */
  readonly projectDir: string;
  /** With a local label, where one was asked for. */
  readonly version: string;
}

/** One entry of `include`. */
interface FileInclude {
  readonly path: string;
  readonly formats: readonly DistributionFormat[];
}

/** Throws `not-a-package` for a project that is none, or `version-invalid` for a local label that does not fit a version. */
export function buildSource(manifest: Manifest, projectDir: string, localVersion?: string): BuildSource {
  if (!manifest.packageMode || manifest.version === undefined) {
    throw new TercetError('not-a-package', 'Building a package is not possible in non-package mode.');
  }
  return { manifest, projectDir, version: withLocal(manifest.version, localVersion) };
}

/** The version with this local label in place of its own (PEP 440). */
function withLocal(version: string, label: string | undefined): string {
  if (label === undefined || label === '') return version;
  if (!/^[a-z0-9]+(?:[-_.][a-z0-9]+)*$/i.test(label)) {
    throw new TercetError('version-invalid', `Invalid local version label: '${label}'`, {
      hints: ['It is made of letters and digits, with dots between: cu118, ubuntu.1'],
    });
  }
  return `${parseVersion(version.replace(/\+.*$/, '')).text}+${label.toLowerCase()}`;
}

/** The name as file names have it: normalised, with `_` for `-`. */
export function distributionName({ manifest }: BuildSource): string {
  return ownModule(manifest);
}

/** The name of the package that is looked for where none is named, and of the `.pth` file. */
export function ownModule({ name }: Pick<Manifest, 'name'>): string {
  return name === undefined ? '' : moduleName(name);
}

/** `[tool.poetry]`, empty where there is none. */
export function poetryTable({ toml }: Manifest): TomlTable {
  return tableAt(toml, 'tool', 'poetry') ?? {};
}

/** `include` for one format. An entry without formats is for sdists. */
export function includesOf(manifest: Manifest, format: DistributionFormat): readonly FileInclude[] {
  return asArray(poetryTable(manifest).include)
    .map((one): FileInclude => {
      const table = asTable(one);
      const path = asString(one) ?? asString(table?.path) ?? '';
      const written = table?.format;
      const formats = asString(written) === undefined ? asStrings(written) : [written];
      const known = (['sdist', 'wheel'] as const).filter((each) => formats.includes(each));
      return { path, formats: written === undefined ? ['sdist'] : known };
    })
    .filter(({ formats }) => formats.includes(format));
}

/** `exclude`: globs. */
export function excludesOf(manifest: Manifest): readonly string[] {
  return asStrings(poetryTable(manifest).exclude);
}

/** `packages` for one format; empty where none are named for it. */
export function packagesOf(manifest: Manifest, format: DistributionFormat): readonly PackageInclude[] {
  return (manifest.packages ?? []).filter(({ formats }) => formats.includes(format));
}

/** `[tool.poetry.build]`: the script, and whether a `setup.py` is to be made from it. */
export function buildScript(manifest: Manifest): { readonly script: string; readonly setup: boolean } | undefined {
  const { build } = poetryTable(manifest);
  const script = asString(build) ?? asString(asTable(build)?.script);
  return script ? { script, setup: asTable(build)?.['generate-setup-file'] === true } : undefined;
}

/** Whether a wheel's files are said to be the same for every platform: where no script is named, not even an empty one. */
export function isPure(manifest: Manifest): boolean {
  return buildScript(manifest) === undefined && asTable(poetryTable(manifest).build)?.script === undefined;
}

/** Whether sdists get a `setup.py`, which they may without a script. */
export function generatesSetup(manifest: Manifest): boolean {
  return asTable(poetryTable(manifest).build)?.['generate-setup-file'] === true;
}

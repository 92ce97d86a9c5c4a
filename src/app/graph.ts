/** `graph`: what is locked as a graph: who requires whom, and each package's size, age, licence and groups. */

import { TercetError } from '../ground/error.ts';
import type { IndexFile } from '../index/index-file.ts';
import type { LockedPackage } from '../lock/lock.ts';
import type { ProjectName } from '../names/name.ts';
import type { Requirement } from '../requirements/requirement.ts';
import { parseVersion } from '../versions/version.ts';
import { allows } from '../versions/version-range.ts';
import type { Context } from './context.ts';
import { displayVersion } from './display-version.ts';
import { lockedSelection } from './locked-selection.ts';
import { packageLicenses } from './package-licenses.ts';
import type { GroupOptions } from './selection.ts';

export interface GraphPackage {
  readonly name: string;
  readonly version: string;
  readonly description: string;
  readonly groups: readonly string[];
  /** The groups that require it themselves. */
  readonly direct: readonly string[];
  readonly optional: boolean;
  /** Bytes of the file that would be installed on this machine; undefined where the index does not say. */
  readonly size: number | undefined;
  /** When the release was published: milliseconds since 1970. */
  readonly published: number | undefined;
  readonly license: string | undefined;
  /** `git`, `directory`, …, or the name of the source; undefined for the default index. */
  readonly source: string | undefined;
  /** Places in the list of packages, and the constraint of each. */
  readonly requires: readonly (readonly [at: number, constraint: string])[];
}

export interface PackageGraph {
  readonly project: { readonly name: string; readonly version: string | undefined };
  readonly groups: readonly string[];
  readonly packages: readonly GraphPackage[];
}

/** Reads the lock, and asks the index for sizes, ages and licences; what it does not say is left open. Throws `lock-missing`. */
export async function packageGraph(context: Context, options: GroupOptions): Promise<PackageGraph> {
  const { manifest } = await context.project();
  const { packages, groups } = await lockedSelection(context, options);
  const wanted = new Set(groups);
  const [licenses, files] = await Promise.all([packageLicenses(context, packages), filesOf(context, packages)]);
  const places = new Map<ProjectName, number[]>();
  for (const [at, { name }] of packages.entries()) places.set(name, [...(places.get(name) ?? []), at]);
  /** Of several versions of a project those that meet the constraint. */
  const placesOf = ({ name, constraint }: Requirement): readonly number[] => {
    const found = places.get(name) ?? [];
    if (found.length < 2) return found;
    return found.filter((at) => allows(constraint, packages[at]?.version ?? parseVersion('0')));
  };
  const direct = (one: LockedPackage): string[] =>
    manifest.groups
      .filter(
        (group) =>
          wanted.has(group.name) &&
          group.requirements.some(({ name, constraint }) => name === one.name && allows(constraint, one.version)),
      )
      .map((group) => group.name);
  return {
    project: { name: manifest.prettyName ?? 'project', version: manifest.version },
    groups,
    packages: packages.map((one) => {
      const own = files.get(one) ?? [];
      const times = own.flatMap((file) => (file.uploadTime === undefined ? [] : Date.parse(file.uploadTime)));
      const requires = new Map(
        one.requirements.flatMap((required) =>
          placesOf(required).map((at) => [at, required.prettyConstraint] as const),
        ),
      );
      return {
        name: one.prettyName,
        version: displayVersion(one),
        description: one.description,
        groups: one.groups,
        direct: direct(one),
        optional: one.optional,
        size: hostFile(own)?.size,
        published: times.length === 0 ? undefined : Math.min(...times),
        license: licenses.get(one)?.license,
        source: one.source === undefined ? undefined : (one.source.reference ?? one.source.type),
        requires: [...requires],
      };
    }),
  };
}

async function filesOf(
  context: Context,
  packages: readonly LockedPackage[],
): Promise<ReadonlyMap<LockedPackage, readonly IndexFile[]>> {
  const { manifest } = await context.project();
  const { client } = await context.index(manifest.sources);
  const found = await Promise.all(
    packages.map(async (one): Promise<readonly IndexFile[]> => {
      if (one.source !== undefined && one.source.type !== 'legacy') return [];
      try {
        const files = await client.files(one.name, one.version, one.source?.reference);
        const locked = new Set(one.files.map(({ file }) => file));
        return files.filter(({ file }) => locked.has(file));
      } catch (error) {
        if (error instanceof TercetError && error.code !== 'interrupted') return [];
        throw error;
      }
    }),
  );
  return new Map(packages.map((one, at) => [one, found[at] ?? []]));
}

const SYSTEMS: Readonly<Record<string, RegExp>> = { linux: /linux/, darwin: /macosx/, win32: /win/ };
const MACHINES: Readonly<Record<string, RegExp>> = {
  x64: /x86_64|amd64|universal2/,
  arm64: /aarch64|arm64|universal2/,
};

/** Near enough without asking a Python: a wheel for every machine, else the newest for this one, else the first, else the sdist. */
function hostFile(files: readonly IndexFile[]): IndexFile | undefined {
  const wheels = files.filter(({ file }) => file.endsWith('.whl'));
  const fits = wheels.filter(
    ({ file }) => SYSTEMS[process.platform]?.test(file) === true && MACHINES[process.arch]?.test(file) === true,
  );
  return wheels.find(({ file }) => file.endsWith('-none-any.whl')) ?? fits.at(-1) ?? wheels[0] ?? files[0];
}

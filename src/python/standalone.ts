/**
 * The builds of the Python Standalone Builds project: how their archives are named, and in which of its releases a version was built last.
 * https://gregoryszorc.com/docs/python-build-standalone/main/
 */

import { compareNumbers } from '../ground/compare-numbers.ts';
/** Where its releases are, each in a folder named after its day. */
export const STANDALONE_RELEASES = 'https://github.com/astral-sh/python-build-standalone/releases/download';
/** A document that names the newest release: `asset_url_prefix`. */
export const STANDALONE_LATEST =
  'https://raw.githubusercontent.com/astral-sh/python-build-standalone/latest-release/latest-release.json';

/** Patch release @ day of the last build. What is newer stands in the newest release. */
const BUILDS: Readonly<Record<string, string>> = {
  '3.15': '1@20261021 0@20261020',
  '3.14':
    '9@20261021 8@20261020 7@20260929 6@20260804 5@20260602 4@20260414 3@20260325 2@20260127 1@20251202 0@20251120',
  '3.13':
    '17@20261021 16@20261020 15@20260929 14@20260805 13@20260602 12@20260325 11@20260127 10@20251202 9@20251120 8@20251010 7@20250918 6@20250814 5@20250723 4@20250610 3@20250529 2@20250317 1@20250115 0@20241016',
  '3.12':
    '15@20261021 14@20260929 13@20260807 12@20260211 11@20251007 10@20250529 9@20250317 8@20250115 7@20241016 6@20240909 5@20240814 4@20240726 3@20240415 2@20240224 1@20240107 0@20231002',
  '3.11':
    '17@20261021 16@20260929 15@20260807 14@20260211 13@20251007 12@20250529 11@20250317 10@20241016 9@20240814 8@20240224 7@20240107 6@20231002 5@20230826 4@20230726 3@20230507 1@20230116',
  '3.10':
    '22@20261009 21@20260929 20@20260807 19@20260211 18@20251007 17@20250529 16@20250317 15@20241016 14@20240814 13@20240224 12@20230726 11@20230507 9@20230116 8@20221106 7@20221002 6@20220802 5@20220630 4@20220528 3@20220318 2@20220227',
  '3.9':
    '25@20251031 24@20251028 23@20251007 22@20250529 21@20250317 20@20241016 19@20240814 18@20240224 17@20230726 16@20230507 15@20221106 14@20221002 13@20220802 12@20220502 11@20220318 10@20220227',
  '3.8': '20@20241002 19@20240814 18@20240224 17@20230826 16@20230726 15@20221106 14@20221002 13@20220802 12@20220227',
};

/** An archive as its name describes it. */
export interface StandaloneBuild {
  readonly file: string;
  /** `X.Y.Z`. */
  readonly version: string;
  readonly freeThreaded: boolean;
  /** 64 hexadecimal digits. */
  readonly sha256: string;
}

/** A machine in the project's words, such as `x86_64-unknown-linux-gnu`; undefined for one that nothing is built for. */
export function standaloneTriple(platform: string, arch: string, musl = false): string | undefined {
  const machine = { x64: 'x86_64', arm64: 'aarch64', ia32: 'i686' }[arch];
  if (machine === undefined) return undefined;
  switch (platform) {
    case 'linux':
      return `${machine}-unknown-linux-${musl ? 'musl' : 'gnu'}`;
    case 'darwin':
      return `${machine}-apple-darwin`;
    case 'win32':
      return `${machine}-pc-windows-msvc`;
    default:
      return undefined;
  }
}

const FILE =
  /^cpython-(?<version>\d+\.\d+\.\d+)\+\d+-(?<triple>[\w-]+?)(?<variant>-freethreaded)?-(?<kind>install_only_stripped|install_only)\.tar\.gz$/;

/** The archives of a `SHA256SUMS` document for a machine, the newest version first; of two kinds of one version the smaller one. */
export function standaloneBuilds(sums: string, triple: string): readonly StandaloneBuild[] {
  const found = new Map<string, StandaloneBuild>();
  for (const line of sums.split('\n')) {
    const [, sha256 = '', file = ''] = /^([0-9a-f]{64})\s+\*?(\S+)\s*$/.exec(line) ?? [];
    const parts = FILE.exec(file)?.groups;
    if (parts?.triple !== triple || parts.version === undefined) continue;
    const freeThreaded = parts.variant !== undefined;
    const key = `${parts.version}${freeThreaded ? 't' : ''}`;
    if (found.has(key) && parts.kind === 'install_only') continue;
    found.set(key, { file, version: parts.version, freeThreaded, sha256 });
  }
  return [...found.values()].sort((a, b) => compareNumbers(b.version, a.version));
}

/** The day of the release that holds an exact version; undefined where it is not known. */
export function standaloneRelease(version: string): string | undefined {
  return knownReleases().find(([known]) => known === version)?.[1];
}

/** Every version that is known without asking, with the day of its release, the newest first. */
export function knownReleases(): readonly (readonly [version: string, release: string])[] {
  return Object.entries(BUILDS).flatMap(([minor, builds]) =>
    builds.split(' ').map((build) => {
      const [patch = '', release = ''] = build.split('@');
      return [`${minor}.${patch}`, release] as const;
    }),
  );
}

/** Whether a version is one that is asked for: `3`, `3.13`, `3.13.1`. */
export function answersRequest(version: string, request: string): boolean {
  return version === request || version.startsWith(`${request}.`);
}

/** The platforms that tercet is made for, with the words that each way of shipping has for them. */

export interface Target {
  /** As the installers say it: `linux-x64-musl`. */
  readonly name: string;
  /** The part behind `@oven/bun-` of the npm package that holds this platform's runtime. */
  readonly runtime: string;
  /** npm's `os`, `cpu` and `libc`. */
  readonly os: 'linux' | 'darwin' | 'win32';
  readonly cpu: 'x64' | 'arm64';
  readonly libc?: 'glibc' | 'musl';
  /** Platform tag of the wheel (PEP 425, 600, 656), compressed where several are true. */
  readonly wheel: string;
}

export const TARGETS: readonly Target[] = [
  {
    name: 'linux-x64',
    runtime: 'linux-x64',
    os: 'linux',
    cpu: 'x64',
    libc: 'glibc',
    wheel: 'manylinux2014_x86_64.manylinux_2_17_x86_64',
  },
  {
    name: 'linux-arm64',
    runtime: 'linux-aarch64',
    os: 'linux',
    cpu: 'arm64',
    libc: 'glibc',
    wheel: 'manylinux2014_aarch64.manylinux_2_17_aarch64',
  },
  {
    name: 'linux-x64-musl',
    runtime: 'linux-x64-musl',
    os: 'linux',
    cpu: 'x64',
    libc: 'musl',
    wheel: 'musllinux_1_2_x86_64',
  },
  {
    name: 'linux-arm64-musl',
    runtime: 'linux-aarch64-musl',
    os: 'linux',
    cpu: 'arm64',
    libc: 'musl',
    wheel: 'musllinux_1_2_aarch64',
  },
  { name: 'darwin-x64', runtime: 'darwin-x64', os: 'darwin', cpu: 'x64', wheel: 'macosx_13_0_x86_64' },
  { name: 'darwin-arm64', runtime: 'darwin-aarch64', os: 'darwin', cpu: 'arm64', wheel: 'macosx_13_0_arm64' },
  { name: 'windows-x64', runtime: 'windows-x64', os: 'win32', cpu: 'x64', wheel: 'win_amd64' },
  { name: 'windows-arm64', runtime: 'windows-aarch64', os: 'win32', cpu: 'arm64', wheel: 'win_arm64' },
];

/** The target of this machine; undefined on platforms that tercet is not made for. */
export function hostTarget(): Target | undefined {
  return TARGETS.find(
    ({ os, cpu, libc }) => os === process.platform && cpu === process.arch && (libc ?? 'glibc') === 'glibc',
  );
}

/** The targets of these names, in the table's order; throws for a name that is none. */
export function targetsNamed(names: readonly string[]): readonly Target[] {
  const unknown = names.find((name) => !TARGETS.some((one) => one.name === name));
  if (unknown !== undefined) {
    throw new Error(`there is no target ${unknown}; there are ${TARGETS.map((one) => one.name).join(', ')}`);
  }
  return TARGETS.filter((one) => names.includes(one.name));
}

/** `tercet`, or `tercet.exe` on Windows. */
export function programName(target: Target): string {
  return target.os === 'win32' ? 'tercet.exe' : 'tercet';
}

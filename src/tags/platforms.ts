/**
 * The platform tags that an interpreter can use, the most specific first (PEP 425, 513, 600, 656).
 */

/** Two numbers of a version: `[2, 36]`. */
export type TwoNumbers = readonly [number, number];

/** What decides about an interpreter's platforms. */
export interface PlatformFacts {
  /** `sysconfig.get_platform()`: `linux-x86_64`, `macosx-14.0-arm64`, `win-amd64`. */
  readonly platform: string;
  /** Whether the interpreter, not the machine, has 32 bits. Default: false. */
  readonly is32Bit?: boolean;
  /** The C library that the interpreter is linked to; at most one of the two. Default: neither. */
  readonly glibc?: TwoNumbers | undefined;
  readonly musl?: TwoNumbers | undefined;
  /** The version of macOS, as it is without the compatibility mode (never 10.16). */
  readonly macos?: TwoNumbers | undefined;
  /** `platform.machine()`, read on macOS only: `arm64`, `x86_64`. */
  readonly machine?: string | undefined;
}

/** The platform tags for an interpreter with these facts. */
export function platformTags(facts: PlatformFacts): string[] {
  const platform = facts.platform.replace(/[.\- ]/g, '_');
  if (facts.macos !== undefined) {
    const machine = facts.machine ?? platform.replace(/^macosx_[0-9]+_[0-9]+_/, '');
    return macosPlatforms(facts.macos, facts.is32Bit ? (machine.startsWith('ppc') ? 'ppc' : 'i386') : machine);
  }
  return platform.startsWith('linux_') ? linuxPlatforms(platform.slice('linux_'.length), facts) : [platform];
}

/** Architectures that manylinux knows beside `i686` and `armv7l`. */
const MANYLINUX_MACHINES: ReadonlySet<string> = new Set([
  'x86_64',
  'i686',
  'aarch64',
  'armv7l',
  'ppc64',
  'ppc64le',
  's390x',
  'loongarch64',
  'riscv64',
]);

/** The older names of some manylinux tags, by glibc version. */
const LEGACY_MANYLINUX: ReadonlyMap<string, string> = new Map([
  ['2_17', 'manylinux2014'],
  ['2_12', 'manylinux2010'],
  ['2_5', 'manylinux1'],
]);

/** A 32-bit interpreter on a 64-bit kernel is one of the machine's 32-bit mode. */
const NARROW_MACHINES: ReadonlyMap<string, string> = new Map([
  ['x86_64', 'i686'],
  ['aarch64', 'armv8l'],
]);

function linuxPlatforms(machine: string, { is32Bit, glibc, musl }: PlatformFacts): string[] {
  const narrow = (is32Bit ? NARROW_MACHINES.get(machine) : undefined) ?? machine;
  const machines = narrow === 'armv8l' ? ['armv8l', 'armv7l'] : [narrow];
  const tags = machines.map((name) => `linux_${name}`);
  if (glibc !== undefined && machines.some((name) => MANYLINUX_MACHINES.has(name))) {
    const [major, newest] = glibc;
    const oldest = machines.some((name) => name === 'x86_64' || name === 'i686') ? 5 : 17;
    for (const name of machines) {
      for (let minor = newest; major === 2 && minor >= oldest; minor--) {
        tags.push(`manylinux_2_${minor}_${name}`);
        const legacy = LEGACY_MANYLINUX.get(`2_${minor}`);
        if (legacy !== undefined) tags.push(`${legacy}_${name}`);
      }
    }
  }
  if (musl !== undefined) {
    const [major, newest] = musl;
    for (const name of machines) {
      for (let minor = newest; minor >= 0; minor--) tags.push(`musllinux_${major}_${minor}_${name}`);
    }
  }
  return tags;
}

/** The last minor number of macOS 10, with room: the first macOS 11 called itself 10.16. */
const LAST_MACOS_10 = 16;

/** Platform tags for a version of macOS and a machine: this version's and, downwards, all that its binaries may be built for. */
function macosPlatforms([major, minor]: TwoNumbers, machine: string): string[] {
  const tags: string[] = [];
  const add = (first: number, second: number, formats: readonly string[]) => {
    for (const format of formats) tags.push(`macosx_${first}_${second}_${format}`);
  };
  if (major === 10) {
    for (let older = minor; older >= 0; older--) add(10, older, macosFormats([10, older], machine));
  }
  for (let older = major; older >= 11; older--) add(older, 0, macosFormats([older, 0], machine));
  if (major >= 11) {
    // Only what holds x86_64 can be older than macOS 11.
    for (let older = LAST_MACOS_10; older >= 4; older--) {
      add(10, older, machine === 'x86_64' ? macosFormats([10, older], machine) : ['universal2']);
    }
  }
  return tags;
}

/** The binary formats that a machine runs under a version of macOS; none where the version does not support the machine. */
function macosFormats([major, minor]: TwoNumbers, machine: string): readonly string[] {
  const old = major === 10 && minor < 4;
  switch (machine) {
    case 'x86_64':
      return old ? [] : ['x86_64', 'intel', 'fat64', 'fat3', 'universal2', 'universal'];
    case 'i386':
      return old ? [] : ['i386', 'intel', 'fat3', 'fat', 'universal'];
    case 'ppc64':
      return major === 10 && (minor === 4 || minor === 5) ? ['ppc64', 'fat64', 'universal'] : [];
    case 'ppc':
      return major === 10 && minor <= 6 ? ['ppc', 'fat3', 'fat', 'universal'] : [];
    case 'arm64':
      return ['arm64', 'universal2'];
    default:
      return machine === 'intel' ? ['intel', 'universal'] : [machine];
  }
}

/** The compatibility tags of an environment, from what its interpreter says of itself. */

import type { InterpreterFacts } from '../python/facts.ts';
import { cpythonAbis, genericAbis } from '../tags/abis.ts';
import { platformTags } from '../tags/platforms.ts';
import { supportedTags } from '../tags/tags.ts';

/** Best first. */
export function environmentTags({ implementation, versionInfo, abi, platform }: InterpreterFacts): readonly string[] {
  const version = [versionInfo[0], versionInfo[1]] as const;
  const platforms = platformTags({
    platform: platform.name,
    is32Bit: abi.pointerBits === 32,
    glibc: platform.glibc,
    musl: platform.musl,
    macos: platform.macos,
    machine: platform.machine,
  });
  const { debug, freeThreaded, pymalloc, wideUnicode } = abi;
  const abis =
    implementation === 'cpython'
      ? cpythonAbis({ version, debug, freeThreaded, pymalloc, wideUnicode })
      : genericAbis(abi.extensionSuffix, abi.soabi);
  return supportedTags({ implementation, version, abis, platforms });
}

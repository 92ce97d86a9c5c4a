/** The launchers that every CPython for Windows brings: they are in the pip of its `ensurepip`. */

import { openZip, type ZipArchive } from '../archive/read-zip.ts';
import { bundledPip } from '../python/bundled-pip.ts';
import type { InterpreterFacts } from '../python/facts.ts';
import type { Launchers } from './windows-launcher.ts';

/** What their names end with, by the platform of the interpreter. */
const MACHINES: Readonly<Record<string, string>> = { 'win-amd64': '64', 'win-arm64': '64-arm', win32: '32' };

/** The interpreter's launchers; undefined where it brings none, or they cannot be read. */
export function readLaunchers({
  bundledWheels,
  platform,
}: Pick<InterpreterFacts, 'bundledWheels' | 'platform'>): Launchers | undefined {
  const machine = MACHINES[platform.name];
  const wheel = bundledPip({ bundledWheels });
  if (machine === undefined || wheel === undefined) return undefined;
  try {
    using archive = openZip(wheel, wheel);
    const [console, window] = [`t${machine}`, `w${machine}`].map((name) => launcherIn(archive, name));
    return console && window && { console, window };
  } catch {
    return undefined;
  }
}

function launcherIn(archive: ZipArchive, name: string): Uint8Array | undefined {
  const entry = archive.entries.find(({ path }) => path === `pip/_vendor/distlib/${name}.exe`);
  return entry && Uint8Array.from(archive.read(entry));
}

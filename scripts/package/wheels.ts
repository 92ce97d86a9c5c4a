/**
 * Wheels that carry the executable: `pip install tercet` and `pipx run tercet` put it into the environment's `bin` as it is. A small
 * module makes `python -m tercet` work. Any Python, hence `py2.py3-none-PLATFORM`.
 */

import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeZip, type ZipEntryDraft } from '../../tests/support/zip-writer.ts';
import { programName, type Target } from './targets.ts';

export interface WheelOptions {
  readonly directory: string;
  readonly version: string;
  readonly description: string;
  readonly license: string;
  readonly readme: string;
  readonly executables: ReadonlyMap<Target, string>;
}

/** Writes one wheel a target and answers with their paths. */
export function writeWheels(options: WheelOptions): readonly string[] {
  mkdirSync(options.directory, { recursive: true });
  return [...options.executables].map(([target, executable]) => {
    const file = join(options.directory, `tercet-${pythonVersion(options.version)}-py2.py3-none-${target.wheel}.whl`);
    writeFileSync(file, wheel(target, readFileSync(executable), options));
    return file;
  });
}

function wheel(target: Target, executable: Uint8Array, options: WheelOptions): Uint8Array {
  const version = pythonVersion(options.version);
  const info = `tercet-${version}.dist-info`;
  const entries: ZipEntryDraft[] = [
    { path: 'tercet/__init__.py', contents: INIT },
    { path: 'tercet/__main__.py', contents: MAIN },
    { path: `tercet-${version}.data/scripts/${programName(target)}`, contents: executable, mode: 0o100755 },
    { path: `${info}/METADATA`, contents: metadata(version, options) },
    { path: `${info}/WHEEL`, contents: wheelFile(target) },
  ];
  const rows = entries.map(({ path, contents }) => {
    const bytes = Buffer.from(contents as Uint8Array);
    return `${path},sha256=${createHash('sha256').update(bytes).digest('base64url')},${bytes.length}\n`;
  });
  const record = `${info}/RECORD`;
  return writeZip([...entries, { path: record, contents: `${rows.join('')}${record},,\n` }]);
}

function metadata(version: string, { description, license, readme }: WheelOptions): string {
  return `Metadata-Version: 2.1
Name: tercet
Version: ${version}
Summary: ${description}
License: ${license}
Requires-Python: >=2.7
Description-Content-Type: text/markdown

${readme}`;
}

function wheelFile(target: Target): string {
  const tags = target.wheel
    .split('.')
    .flatMap((platform) => ['py2', 'py3'].map((python) => `${python}-none-${platform}`));
  return `Wheel-Version: 1.0\nGenerator: tercet\nRoot-Is-Purelib: false\n${tags.map((tag) => `Tag: ${tag}\n`).join('')}\n`;
}

/** `1.0.0-rc.1` as Python writes it: `1.0.0rc1` (PEP 440). */
export function pythonVersion(version: string): string {
  return version
    .replace(/-alpha\.?/, 'a')
    .replace(/-beta\.?/, 'b')
    .replace(/-rc\.?/, 'rc');
}

const INIT = `"""tercet is a program; this package only says where it is."""

import os
import sys
import sysconfig


def find_tercet():
    """The path of the executable. Raises IOError where there is none."""
    name = "tercet.exe" if os.name == "nt" else "tercet"
    here = os.path.dirname(os.path.abspath(__file__))
    folders = [sysconfig.get_path("scripts"), os.path.dirname(sys.executable or "")]
    # pip install --user, and --target
    folders.append(sysconfig.get_path("scripts", os.name + "_user"))
    folders.append(os.path.join(os.path.dirname(here), "bin"))
    for folder in folders:
        path = os.path.join(folder or "", name)
        if os.path.isfile(path):
            return path
    raise IOError("tercet is not in " + ", ".join(filter(None, folders)))
`;

const MAIN = `import os
import sys

from tercet import find_tercet

program = find_tercet()
if os.name == "nt":
    import subprocess

    sys.exit(subprocess.call([program] + sys.argv[1:]))
os.execv(program, ["tercet"] + sys.argv[1:])
`;

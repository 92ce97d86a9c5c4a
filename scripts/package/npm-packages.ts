/**
 * The npm packages: `tercet`, and one a platform that holds its executable and is an optional dependency of it, so that npm fetches one
 * only. `tercet` comes with a starter in JavaScript; where install scripts may run, the executable takes its place.
 */

import { chmodSync, copyFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { programName, type Target } from './targets.ts';

export interface NpmOptions {
  /** The folder in which each package gets one of its own; what it holds already goes. */
  readonly directory: string;
  readonly version: string;
  readonly description: string;
  readonly license: string;
  readonly executables: ReadonlyMap<Target, string>;
}

/** Writes the packages as folders, and answers with them: the platforms' first, `tercet` last. */
export function writeNpmPackages(options: NpmOptions): readonly string[] {
  const { directory, version, description, license, executables } = options;
  rmSync(directory, { recursive: true, force: true });
  const folders: string[] = [];
  const write = (name: string, manifest: object, files: Readonly<Record<string, string>>): string => {
    const folder = join(directory, name);
    mkdirSync(join(folder, 'bin'), { recursive: true });
    const text = JSON.stringify({ name: packageName(name), version, description, license, ...manifest }, undefined, 2);
    writeFileSync(join(folder, 'package.json'), `${text}\n`);
    for (const [path, contents] of Object.entries(files)) writeFileSync(join(folder, path), contents);
    folders.push(folder);
    return folder;
  };
  for (const [target, executable] of executables) {
    const { os, cpu, libc } = target;
    const folder = write(
      target.name,
      { os: [os], cpu: [cpu], ...(libc === undefined ? {} : { libc: [libc] }), preferUnplugged: true, files: ['bin'] },
      { 'README.md': `The executable of tercet for ${target.name}. Install the package \`tercet\`.\n` },
    );
    copyFileSync(executable, join(folder, 'bin', programName(target)));
    chmodSync(join(folder, 'bin', programName(target)), 0o755);
  }
  const optional = Object.fromEntries([...executables.keys()].map(({ name }) => [packageName(name), version]));
  const main = write(
    'tercet',
    {
      bin: { tercet: 'bin/tercet' },
      scripts: { postinstall: 'node install.js' },
      files: ['bin', 'install.js', 'executable.js'],
      optionalDependencies: optional,
    },
    {
      'bin/tercet': STARTER,
      'install.js': INSTALL,
      'executable.js': EXECUTABLE,
      'README.md': `# tercet\n\n${description}\n`,
    },
  );
  chmodSync(join(main, 'bin/tercet'), 0o755);
  return folders;
}

function packageName(name: string): string {
  return name === 'tercet' ? name : `@tercet/${name}`;
}

const EXECUTABLE = `'use strict';
// Where the executable of this platform is.
const { platform, arch, report } = process;

function names() {
  const os = platform === 'win32' ? 'windows' : platform;
  const base = os + '-' + arch;
  if (platform !== 'linux') return [base];
  const musl = !(report && report.getReport().header.glibcVersionRuntime);
  return musl ? [base + '-musl', base] : [base, base + '-musl'];
}

module.exports = function executable() {
  for (const name of names()) {
    try {
      return require.resolve('@tercet/' + name + '/bin/tercet' + (platform === 'win32' ? '.exe' : ''));
    } catch {}
  }
  throw new Error(
    'tercet has no executable for ' + names()[0] + ' here. Was it installed with --no-optional, or copied from another platform?',
  );
};
`;

const STARTER = `#!/usr/bin/env node
'use strict';
const { spawnSync } = require('node:child_process');
const { constants } = require('node:os');
let program;
try {
  program = require('../executable.js')();
} catch (error) {
  console.error('error: ' + error.message);
  process.exit(1);
}
// Keyboard signals are the program's.
for (const signal of ['SIGINT', 'SIGQUIT']) process.on(signal, () => {});
const { status, signal, error } = spawnSync(program, process.argv.slice(2), { stdio: 'inherit', argv0: 'tercet' });
if (error) console.error('error: ' + error.message);
process.exit(signal ? 128 + constants.signals[signal] : (status ?? 1));
`;

const INSTALL = `'use strict';
// Puts the executable in the starter's place: it then starts without Node. On Windows npm's own wrapper needs a script, which stays.
const { copyFileSync, linkSync, renameSync, unlinkSync } = require('node:fs');
const { join } = require('node:path');
if (process.platform !== 'win32') {
  const starter = join(__dirname, 'bin', 'tercet');
  const fresh = starter + '.new';
  try {
    const program = require('./executable.js')();
    try {
      linkSync(program, fresh);
    } catch {
      copyFileSync(program, fresh);
    }
    renameSync(fresh, starter);
  } catch (error) {
    try {
      unlinkSync(fresh);
    } catch {}
    // The starter stays, and says what is wrong when it is called.
  }
}
`;

/**
 * Makes what is shipped, for this machine's platform or for others:
 *
 *     npm run package                          executables into dist/executables
 *     npm run package:release                  a release host's files into dist/release
 *     npm run package:npm                      npm packages into dist/npm
 *     npm run package:wheel                    wheels into dist/wheels
 *
 * Options (behind `--`): `--target NAME` (may be repeated; `all`; default: this machine's), `--out DIR`, `--base-url URL` and
 * `--sign KEY.pem` for the release.
 */

import { existsSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { compileExecutable } from './package/compile.ts';
import { writeNpmPackages } from './package/npm-packages.ts';
import { writeRelease } from './package/release.ts';
import { hostTarget, programName, TARGETS, type Target, targetsNamed } from './package/targets.ts';
import { writeWheels } from './package/wheels.ts';

const root = join(import.meta.dir, '..');
const about = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  readonly version: string;
  readonly description: string;
  readonly license: string;
};
const { positionals, values } = parseArgs({
  args: process.argv.slice(2),
  allowPositionals: true,
  options: {
    target: { type: 'string', multiple: true },
    out: { type: 'string' },
    'base-url': { type: 'string' },
    sign: { type: 'string' },
  },
});
const kind = positionals[0] ?? 'executables';

/** The executables, built where they are missing or asked for by `executables`. */
function executables(targets: readonly Target[]): ReadonlyMap<Target, string> {
  return new Map(
    targets.map((target) => {
      const file = join(root, 'dist/executables', target.name, programName(target));
      if (kind === 'executables' || !existsSync(file) || newerSources(file)) {
        const started = performance.now();
        compileExecutable(target === hostTarget() ? { outfile: file } : { outfile: file, target });
        const seconds = ((performance.now() - started) / 1000).toFixed(1);
        console.log(`${file.slice(root.length + 1)} (${megabytes(file)} MB) in ${seconds} s`);
      }
      return [target, file];
    }),
  );
}

function newerSources(file: string): boolean {
  const { mtimeMs } = statSync(file);
  return [...new Bun.Glob('src/**/*').scanSync({ cwd: root })].some(
    (one) => statSync(join(root, one)).mtimeMs > mtimeMs,
  );
}

function megabytes(file: string): number {
  return Math.round(statSync(file).size / 1_000_000);
}

function chosenTargets(): readonly Target[] {
  if (values.target?.includes('all')) return TARGETS;
  if (values.target !== undefined) return targetsNamed(values.target);
  const host = hostTarget();
  if (host === undefined) throw new Error('tercet is not made for this platform; name one with --target');
  return [host];
}

function main(): void {
  const out = (name: string): string => resolve(values.out ?? join(root, 'dist', name));
  const { version, description, license } = about;
  const built = executables(chosenTargets());
  switch (kind) {
    case 'executables':
      return;
    case 'release': {
      const directory = out('release');
      writeRelease({
        directory,
        version,
        executables: new Map([...built].map(([target, file]) => [target.name, file])),
        ...(values['base-url'] === undefined ? {} : { baseUrl: values['base-url'] }),
        ...(values.sign === undefined ? {} : { signingKey: readFileSync(values.sign, 'utf8') }),
      });
      console.log(`${directory}: release ${version}${values.sign === undefined ? ', not signed' : ''}`);
      return;
    }
    case 'npm': {
      const directory = out('npm');
      for (const folder of writeNpmPackages({ directory, version, description, license, executables: built })) {
        const packed = Bun.spawnSync(['npm', 'pack', '--silent', '--pack-destination', directory, folder]);
        if (!packed.success) throw new Error(`npm pack ${folder}\n${packed.stderr}`);
        console.log(join(directory, packed.stdout.toString().trim()));
      }
      return;
    }
    case 'wheel': {
      const readme = readFileSync(join(root, 'README.md'), 'utf8');
      const wheels = writeWheels({
        directory: out('wheels'),
        version,
        description,
        license,
        readme,
        executables: built,
      });
      for (const file of wheels) console.log(`${file} (${megabytes(file)} MB)`);
      return;
    }
    default:
      throw new Error(`there is no kind ${kind}: executables, release, npm, wheel`);
  }
}

main();

/** Cases 17 to 24: wheels that are sound archives and must not, or must with care, be installed. */

import { equal, ok } from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type BuiltDistribution, buildWheel, type WheelDraft } from '../../support/wheel-builder.ts';
import { complete, type FaultCase, openBed, refusedCleanly, succeeded } from '../bed.ts';

async function refused(draft: WheelDraft | BuiltDistribution, ...words: readonly (string | RegExp)[]): Promise<void> {
  const wheel = 'bytes' in draft ? draft : buildWheel(draft);
  await using bed = await openBed([wheel], { requires: ['alpha'] });
  await refusedCleanly(bed, wheel, ...words);
}

const script = (name: string): string => `[console_scripts]\n${name} = alpha:main\n`;

export const WHEEL_CASES: readonly FaultCase[] = [
  {
    number: 17,
    title: 'Entry point ../../../x',
    expected: 'refused, clean',
    async run() {
      for (const name of ['../../../x', '../x', '/tmp/x', '..\\x', 'a/b', '..', 'C:x']) {
        await refused({ name: 'alpha', entryPoints: script(name) }, JSON.stringify(name));
      }
      await refused({ name: 'alpha', entryPoints: '[console_scripts]\nx = alpha:main();import os\n' }, 'entry point');
    },
  },
  {
    number: 18,
    title: 'Entry point or script named like the interpreter',
    expected: 'refused, the interpreter untouched',
    async run() {
      for (const name of ['python', 'Python', 'python3', 'python3.11', 'PYTHON.EXE', 'pythonw', 'activate']) {
        await refused({ name: 'alpha', entryPoints: script(name) }, JSON.stringify(name), 'would replace');
      }
      for (const path of ['alpha-1.0.data/scripts/python', 'alpha-1.0.data/data/bin/python3']) {
        await refused({ name: 'alpha', files: { 'alpha.py': '', [path]: '#!/bin/sh\n' } }, path, 'would replace');
      }
      await refused(
        { name: 'alpha', files: { 'alpha.py': '', 'alpha-1.0.data/data/pyvenv.cfg': 'home = /\n' } },
        'pyvenv.cfg',
      );
    },
  },
  {
    number: 19,
    title: 'Two packages own the same script or file',
    expected: 'told, never silent; the same contents are no conflict',
    async run() {
      const namespace = { 'shared/__init__.py': "__path__ = __import__('pkgutil').extend_path(__path__, __name__)\n" };
      const one = (contents: string, files = {}): WheelDraft => ({
        name: 'alpha',
        files: { 'alpha.py': 'def main(): pass\n', 'common.py': contents, ...namespace, 'shared/a.py': '', ...files },
        entryPoints: script('tool'),
      });
      const two: WheelDraft = {
        name: 'beta',
        files: { 'beta.py': 'def main(): pass\n', 'common.py': 'owner = "beta"\n', ...namespace, 'shared/b.py': '' },
        entryPoints: '[console_scripts]\ntool = beta:main\n',
      };
      await using bed = await openBed([buildWheel(one('owner = "alpha"\n')), buildWheel(two)]);
      const { stderr } = succeeded(await bed.run(['install']));
      ok(/beta replaced files that another package had installed: .*common\.py/.test(stderr), stderr);
      ok(stderr.includes('bin/tool'), stderr);
      ok(!stderr.includes('shared/__init__.py'), stderr);

      // The same contents in both: nothing to tell, and what one takes away the other keeps.
      const twins = [buildWheel({ ...one('owner = "beta"\n'), entryPoints: script('other') }), buildWheel(two)];
      await using quiet = await openBed(twins);
      equal(succeeded(await quiet.run(['install'])).stderr.includes('replaced'), false);
      succeeded(await quiet.run(['remove', 'alpha']));
      complete(quiet.libraryPath(), ['beta']);
      equal(existsSync(join(quiet.libraryPath(), 'alpha.py')), false);
    },
  },
  {
    number: 20,
    title: 'RECORD names a file outside; then the package is removed',
    expected: 'nothing outside is deleted',
    async run() {
      await using bed = await openBed([buildWheel({ name: 'alpha' })]);
      succeeded(await bed.run(['install']));
      const record = join(bed.libraryPath(), 'alpha-1.0.dist-info/RECORD');
      const outside = join(bed.home.path, 'precious');
      writeFileSync(outside, 'mine');
      const upward = '../'.repeat(5);
      writeFileSync(
        record,
        `${readFileSync(record, 'utf8')}${outside},,\n${upward}precious,,\n${upward}project/pyproject.toml,,\n`,
      );
      succeeded(await bed.run(['remove', 'alpha']));
      equal(readFileSync(outside, 'utf8'), 'mine');
      equal(bed.home.exists('pyproject.toml'), true);
      equal(existsSync(join(bed.libraryPath(), 'alpha.py')), false);
    },
  },
  {
    number: 21,
    title: 'RECORD has a wrong hash, a wrong size, none, or a weak one',
    expected: 'refused, clean',
    async run() {
      const draft = (record: (honest: string) => string): WheelDraft => ({ name: 'alpha', record });
      await refused(
        draft((text) => text.replace(/(alpha\.py,sha256=)./, '$1_')),
        'alpha.py',
        'RECORD',
      );
      await refused(
        draft((text) => text.replace(/(alpha\.py,.*),\d+/, '$1,7')),
        'alpha.py',
        'RECORD',
      );
      await refused(
        draft((text) => text.replace(/alpha\.py,.*/, 'alpha.py,,')),
        'alpha.py',
        'RECORD',
      );
      await refused(
        draft((text) => text.replace(/alpha\.py,.*/, 'alpha.py,md5=AAAA,')),
        'alpha.py',
        'md5',
      );
      await refused(
        draft((text) => `${text}alpha.py,sha256=AAAA,1\n`),
        'alpha.py',
        'two hashes',
      );
    },
  },
  {
    number: 22,
    title: 'File in the archive that RECORD does not list, or the reverse',
    expected: 'refused, clean',
    async run() {
      await refused({ name: 'alpha', unrecorded: [{ path: 'evil.pth', contents: 'import os' }] }, 'evil.pth', 'RECORD');
      await refused({ name: 'alpha', record: (text) => `${text}gone.py,sha256=AAAA,4\n` }, 'gone.py', 'RECORD');
      await refused({ name: 'alpha', entries: (all) => all.filter(({ path }) => !path.endsWith('/RECORD')) }, 'RECORD');
    },
  },
  {
    number: 23,
    title: 'METADATA names another project than the file',
    expected: 'refused, clean',
    async run() {
      const metadata = 'Metadata-Version: 2.1\nName: beta\nVersion: 1.0\n\n';
      const wheel = { ...buildWheel({ name: 'alpha', metadata }), metadata: metadata.replace('beta', 'alpha') };
      await refused(wheel, 'beta');
      const folder = {
        ...buildWheel({ name: 'beta' }),
        name: 'alpha',
        file: 'alpha-1.0-py3-none-any.whl',
        metadata: metadata.replace('beta', 'alpha'),
      };
      await refused(folder, 'beta');
    },
  },
  {
    number: 24,
    title: 'METADATA has another version; the index shows other metadata than the wheel has',
    expected: 'refused, clean',
    async run() {
      const text = (version: string, requires = ''): string =>
        `Metadata-Version: 2.1\nName: alpha\nVersion: ${version}\n${requires}\n`;
      await refused({ ...buildWheel({ name: 'alpha', metadata: text('2.0') }), metadata: text('1.0') }, '2.0');
      const shown = text('1.0');
      const held = text('1.0', 'Requires-Dist: beta\n');
      await refused({ ...buildWheel({ name: 'alpha', metadata: held }), metadata: shown }, 'METADATA', 'index');
    },
  },
];

/** Cases 25 and 26: source distributions that must not be unpacked, and builds that look around. */

import { deepEqual, equal, ok } from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { type TarEntryDraft, writeTar } from '../../support/tar-writer.ts';
import { type BuiltDistribution, buildSdist, buildWheel } from '../../support/wheel-builder.ts';
import {
  cacheIsClean,
  complete,
  type FaultCase,
  failedWith,
  filesWith,
  nothingLeft,
  openBed,
  succeeded,
} from '../bed.ts';

const METADATA = 'Metadata-Version: 2.2\nName: alpha\nVersion: 1.0\n\n';

/** An sdist of alpha with further entries; nothing but the archive itself knows its metadata. */
function sdist(entries: readonly TarEntryDraft[]): BuiltDistribution {
  const own = ['PKG-INFO', 'pyproject.toml'].map((name) => ({
    path: `alpha-1.0/${name}`,
    contents:
      name === 'PKG-INFO'
        ? METADATA
        : '[build-system]\nrequires = []\nbuild-backend = "backend"\nbackend-path = ["."]\n',
  }));
  const bytes = gzipSync(writeTar([...own, ...entries]));
  const sha256 = new Bun.CryptoHasher('sha256').update(bytes).digest('hex');
  return { ...buildSdist({ name: 'alpha' }), bytes, sha256 };
}

/** A PAX header: the record of one key for the entry that follows. */
function pax(key: string, value: string): TarEntryDraft {
  const body = ` ${key}=${value}\n`;
  let length = body.length + 1;
  while (`${length}${body}`.length !== length) length = `${length}${body}`.length;
  return { path: 'PaxHeaders/x', type: 'x', contents: `${length}${body}` };
}

const smuggled = Buffer.from(writeTar([{ path: 'alpha-1.0/setup.py', contents: 'evil' }])).subarray(0, 1024);

const ATTACKS: readonly (readonly [what: string, entries: readonly TarEntryDraft[]])[] = [
  ['a path upward', [{ path: 'alpha-1.0/../../evil.py' }]],
  ['an absolute path', [{ path: '/tmp/tercet-evil.py' }]],
  ['a symbolic link outside', [{ path: 'alpha-1.0/l', type: '2', linkTarget: '../../..' }]],
  ['a file through a link', [{ path: 'alpha-1.0/l', type: '2', linkTarget: '.' }, { path: 'alpha-1.0/l/evil.py' }]],
  ['a hard link outside', [{ path: 'alpha-1.0/h', type: '1', linkTarget: '/etc/passwd' }]],
  ['a character device', [{ path: 'alpha-1.0/d', type: '3' }]],
  ['a block device', [{ path: 'alpha-1.0/d', type: '4' }]],
  ['a pipe', [{ path: 'alpha-1.0/p', type: '6' }]],
  // One reader takes the length of the extended header, the other the plain one, and they see different entries.
  ['two lengths', [pax('size', '0'), { path: 'alpha-1.0/data', contents: smuggled }]],
];

/** A backend that tells what it sees, writes beside its tree, and hands out a finished wheel. */
function nosyBackend(wheel: BuiltDistribution, report: string): string {
  return `
import base64, json, os, sys
def _look():
    with open('../escaped-from-the-build.txt', 'w') as f: f.write('x')
    try:
        import installed_before; seen = True
    except ImportError: seen = False
    with open(${JSON.stringify(report)}, 'w') as f:
        json.dump({'env': dict(os.environ), 'cwd': os.getcwd(), 'seen': seen, 'prefix': sys.prefix}, f)
def build_wheel(folder, config_settings=None, metadata_directory=None):
    _look()
    with open(os.path.join(folder, ${JSON.stringify(wheel.file)}), 'wb') as f: f.write(base64.b64decode(${JSON.stringify(Buffer.from(wheel.bytes).toString('base64'))}))
    return ${JSON.stringify(wheel.file)}
`;
}

export const SDIST_CASES: readonly FaultCase[] = [
  {
    number: 25,
    title: `Links, devices and length tricks in a source distribution (${ATTACKS.length})`,
    expected: 'refused, clean',
    async run() {
      const honest = sdist([]);
      await using bed = await openBed([honest]);
      const lock = bed.home.read('poetry.lock');
      for (const [what, entries] of ATTACKS) {
        const evil = sdist(entries);
        bed.index.add(evil);
        bed.home.write('poetry.lock', lock.replace(honest.sha256, evil.sha256));
        try {
          failedWith(await bed.run(['install', '--no-cache']), evil.file);
          nothingLeft(bed, evil);
          deepEqual(filesWith(join(bed.home.path, '.cache'), 'evil'), []);
        } catch (error) {
          throw new Error(`${what}: ${(error as Error).message}`);
        }
      }
    },
  },
  {
    number: 26,
    title: 'A build writes beside its tree and looks for secrets',
    expected: 'isolated; credentials are not in its environment; nothing of it stays',
    async run() {
      const secret = 'bu1ldsecret';
      const before = buildWheel({ name: 'installed-before', files: { 'installed_before.py': '' } });
      const wheel = buildWheel({ name: 'alpha' });
      await using probe = await openBed([before], { requires: ['installed-before'] });
      const report = join(probe.home.path, 'report.json');
      const source = sdist([{ path: 'alpha-1.0/backend.py', contents: nosyBackend(wheel, report) }]);
      const { more, env } = {
        more: `\n[[tool.poetry.source]]\nname = "own"\nurl = "${probe.index.url}"\npriority = "supplemental"\n`,
        env: {
          TERCET_INDEX_URL: probe.index.url.replace('//', `//user:${secret}@`),
          POETRY_HTTP_BASIC_OWN_USERNAME: 'user',
          POETRY_HTTP_BASIC_OWN_PASSWORD: secret,
          POETRY_PYPI_TOKEN_OWN: secret,
          PYTHONPATH: probe.home.project,
        },
      };
      succeeded(await probe.run(['install']));
      probe.index.add(source);
      const manifest = probe.home.read('pyproject.toml');
      probe.home.write(
        'pyproject.toml',
        manifest.replace('"installed-before",', '"installed-before", "alpha",') + more,
      );
      succeeded(await probe.run(['lock'], { env }));
      succeeded(await probe.run(['install'], { env }));
      complete(probe.libraryPath(), ['alpha', 'installed_before']);
      const text = readFileSync(report, 'utf8');
      ok(!text.includes(secret), 'a password is in the environment of the build');
      const saw = JSON.parse(text) as {
        readonly cwd: string;
        readonly seen: boolean;
        readonly prefix: string;
        readonly env: Record<string, string>;
      };
      equal(saw.seen, false, 'the project’s packages are seen by the build');
      equal(saw.env['PYTHONPATH'], undefined);
      ok(!saw.prefix.startsWith(join(probe.home.project, '.venv')), saw.prefix);
      ok(!saw.cwd.startsWith(probe.home.project), saw.cwd);
      cacheIsClean(probe);
      const escaped = Bun.spawnSync(['find', probe.home.path, '-name', 'escaped-from-the-build.txt']).stdout.toString();
      equal(escaped, '');
    },
  },
];

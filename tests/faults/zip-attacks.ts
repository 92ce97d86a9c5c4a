/**
 * Archives that two readers may read differently, or that a reader must not follow: after the classes of the collection
 * that came of CVE-2025-54368. Each is a wheel of `alpha` with one fault; none may be installed.
 */

import { type BuiltDistribution, buildWheel, type WheelDraft } from '../support/wheel-builder.ts';
import { writeZip, type ZipEntryDraft } from '../support/zip-writer.ts';

export interface ZipAttack {
  readonly what: string;
  readonly wheel: BuiltDistribution;
}

const MODULE = 'alpha/__init__.py';

/** An entry that RECORD lists, so that nothing but its path or its kind is wrong. */
const named = (path: string, more: Partial<ZipEntryDraft> = {}): WheelDraft => ({
  name: 'alpha',
  files: { [MODULE]: '', [path]: { contents: 'evil = True\n', ...more } },
});

/** The wheel's entries changed. */
const changed = (entries: (honest: ZipEntryDraft[]) => ZipEntryDraft[]): WheelDraft => ({
  name: 'alpha',
  files: { [MODULE]: 'x = 1\n' },
  entries,
});

/** One entry of the wheel with other fields. */
const lying = (fields: Partial<ZipEntryDraft>): WheelDraft =>
  changed((honest) => honest.map((entry) => (entry.path === MODULE ? { ...entry, ...fields } : entry)));

/** The finished archive's bytes changed. */
const bytes = (change: (honest: Buffer) => Uint8Array): ((draft: BuiltDistribution) => BuiltDistribution) => {
  return (wheel) => {
    const other = change(Buffer.from(wheel.bytes));
    return { ...wheel, bytes: other, sha256: new Bun.CryptoHasher('sha256').update(other).digest('hex') };
  };
};

/** Paths that leave the folder, or that not every system reads alike. */
export const PATH_ATTACKS: readonly ZipAttack[] = [
  ['upward', '../evil.py'],
  ['upward inside', 'alpha/../../evil.py'],
  ['upward at the end', 'alpha/..'],
  ['a dot', './alpha/evil.py'],
  ['an empty segment', 'alpha//evil.py'],
  ['absolute', '/etc/evil.py'],
  ['two slashes', '//server/evil.py'],
  ['a drive', 'C:/evil.py'],
  ['a drive without slash', 'C:evil.py'],
  ['a backslash', 'alpha\\evil.py'],
  ['upward by backslashes', '..\\..\\evil.py'],
  ['a NUL', 'alpha/evil.py\0.txt'],
  ['a line break', 'alpha/evil\n.py'],
  ['a dot at the end', 'alpha/evil.'],
  ['a blank at the end', 'alpha/evil.py '],
  ['too long', `alpha/${'e'.repeat(300)}.py`],
].map(([what = '', path = '']) => ({ what: `a path: ${what}`, wheel: buildWheel(named(path)) }));

/** Entries that are no files. */
export const KIND_ATTACKS: readonly ZipAttack[] = [
  ['a symbolic link', 0o120777],
  ['a character device', 0o020666],
  ['a block device', 0o060666],
  ['a pipe', 0o010666],
  ['a socket', 0o140666],
].map(([what, mode]) => ({
  what: String(what),
  wheel: buildWheel(named('alpha/link', { contents: '/etc/passwd', mode: Number(mode) })),
}));

/** Two entries of one name, and names that meet. */
export const DUPLICATE_ATTACKS: readonly ZipAttack[] = [
  {
    what: 'the same name, other contents',
    wheel: buildWheel(changed((honest) => [...honest, { path: MODULE, contents: 'evil = True\n' }])),
  },
  {
    what: 'the same name, other contents, before it',
    wheel: buildWheel(changed((honest) => [{ path: MODULE, contents: 'evil = True\n' }, ...honest])),
  },
  {
    what: 'two METADATA',
    wheel: buildWheel(
      changed((honest) => [
        ...honest,
        { path: 'alpha-1.0.dist-info/METADATA', contents: 'Name: evil\nVersion: 1.0\n' },
      ]),
    ),
  },
  {
    what: 'two RECORD',
    wheel: buildWheel(changed((honest) => [...honest, { path: 'alpha-1.0.dist-info/RECORD', contents: '' }])),
  },
  { what: 'a file where a folder is needed', wheel: buildWheel(named('alpha')) },
  {
    what: 'a folder with contents',
    wheel: buildWheel(changed((honest) => [...honest, { path: 'alpha/data/', contents: 'evil' }])),
  },
];

/** Places where one thing is said twice, differently. */
export const CONTRADICTIONS: readonly ZipAttack[] = [
  { what: 'another name in the local header', wheel: buildWheel(lying({ localPath: 'alpha/__evil__.py' })) },
  { what: 'a name of another length there', wheel: buildWheel(lying({ localPath: '../evil.py' })) },
  {
    what: 'an entry that the central directory lacks, first',
    wheel: buildWheel(changed((honest) => [{ path: 'evil.py', contents: 'x', hidden: true }, ...honest])),
  },
  {
    what: 'an entry that the central directory lacks, last',
    wheel: buildWheel(changed((honest) => [...honest, { path: 'evil.py', contents: 'x', hidden: true }])),
  },
  {
    what: 'a hidden twin',
    wheel: buildWheel(changed((honest) => [{ path: MODULE, contents: 'evil', hidden: true }, ...honest])),
  },
  { what: 'a size that is too small', wheel: buildWheel(lying({ declaredSize: 2 })) },
  { what: 'a size that is too large', wheel: buildWheel(lying({ declaredSize: 200 })) },
  { what: 'another size in the local header', wheel: buildWheel(lying({ localSize: 7 })) },
  { what: 'a wrong checksum', wheel: buildWheel(lying({ crc32: 0x12345678 })) },
  { what: 'more entries than there are', wheel: buildWheel({ ...named('alpha/a.py'), zip: { declaredEntries: 9 } }) },
  { what: 'fewer entries than there are', wheel: buildWheel({ ...named('alpha/a.py'), zip: { declaredEntries: 2 } }) },
  {
    what: 'a second name in the extra field',
    wheel: buildWheel(lying({ extra: unicodePath('../evil.py') })),
  },
  { what: 'a broken extra field', wheel: buildWheel(lying({ extra: Buffer.from([0x75, 0x70, 0xff, 0x00, 1]) })) },
  {
    what: 'a Zip64 field that is too short',
    wheel: buildWheel(lying({ declaredSize: 0xffffffff, extra: Buffer.from([1, 0, 4, 0, 1, 0, 0, 0]) })),
  },
  { what: 'a Zip64 size that is missing', wheel: buildWheel(lying({ declaredSize: 0xffffffff })) },
  { what: 'encryption', wheel: buildWheel(lying({ flags: 0x801 })) },
  { what: 'bzip2', wheel: buildWheel(lying({ method: 12 })) },
  { what: 'LZMA', wheel: buildWheel(lying({ method: 14 })) },
  { what: 'XZ', wheel: buildWheel(lying({ method: 95 })) },
  { what: 'deflated data called stored', wheel: buildWheel(lying({ method: 0 })) },
  {
    what: 'a name that is not UTF-8',
    wheel: bytes((honest) =>
      Buffer.from(
        honest
          .toString('latin1')
          .replaceAll('alpha/__init__.py', 'alpha/\xff\xfeinit.py.')
          .replaceAll('alpha/\xff\xfeinit.py.', 'alpha/\xff\xfe_init_.py'),
        'latin1',
      ),
    )(buildWheel({ name: 'alpha', files: { [MODULE]: '' } })),
  },
];

/** What stands before, between or behind. */
export const FRAME_ATTACKS: readonly ZipAttack[] = [
  {
    what: 'bytes behind the end record',
    wheel: buildWheel({ ...named('alpha/a.py'), zip: { suffix: Buffer.from('evil') } }),
  },
  {
    what: 'an archive behind the archive',
    wheel: buildWheel({ ...named('alpha/a.py'), zip: { suffix: writeZip([{ path: 'evil.py', contents: 'x' }]) } }),
  },
  {
    what: 'an archive before the archive',
    wheel: buildWheel({ ...named('alpha/a.py'), zip: { prefix: writeZip([{ path: 'evil.py', contents: 'x' }]) } }),
  },
  {
    what: 'an archive in the comment',
    wheel: buildWheel({ ...named('alpha/a.py'), zip: { comment: writeZip([{ path: 'evil.py', contents: 'x' }]) } }),
  },
  {
    what: 'a second end record',
    wheel: bytes((honest) => Buffer.concat([honest, honest.subarray(honest.length - 22)]))(
      buildWheel(named('alpha/a.py')),
    ),
  },
  {
    what: 'a central directory that is elsewhere',
    wheel: bytes((honest) => {
      honest.writeUInt32LE(honest.readUInt32LE(honest.length - 6) - 4, honest.length - 6);
      return honest;
    })(buildWheel(named('alpha/a.py'))),
  },
  {
    what: 'half of an archive',
    wheel: bytes((honest) => honest.subarray(0, honest.length >> 1))(buildWheel(named('alpha/a.py'))),
  },
  {
    what: 'no archive at all',
    wheel: bytes(() => Buffer.from('<html>not a wheel</html>'))(buildWheel(named('alpha/a.py'))),
  },
  { what: 'nothing', wheel: bytes(() => Buffer.alloc(0))(buildWheel(named('alpha/a.py'))) },
];

/** Info-ZIP's field with another name for the entry. */
function unicodePath(path: string): Uint8Array {
  const name = Buffer.from(path);
  const field = Buffer.alloc(9);
  field.writeUInt16LE(0x7075, 0);
  field.writeUInt16LE(5 + name.length, 2);
  field.writeUInt8(1, 4);
  return Buffer.concat([field, name]);
}

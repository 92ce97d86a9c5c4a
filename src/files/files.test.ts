import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { atomicWrite, atomicWriteAll } from './atomic-write.ts';
import { isWritable } from './is-writable.ts';
import { createLinker, type LinkMode } from './link.ts';
import { lockFile, tryLockFile } from './lock-file.ts';
import { namesIn } from './names-in.ts';
import { removeEmptyFolder, removeFile, removeTree } from './remove.ts';
import { textIfThere } from './text-if-there.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tercet-files-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('what need not be there', () => {
  test('names are sorted, and none where there is no folder', () => {
    const place = join(folder, 'names');
    mkdirSync(place);
    for (const name of ['b', 'a', 'C']) writeFileSync(join(place, name), '');
    expect(namesIn(place)).toEqual(['C', 'a', 'b']);
    expect([namesIn(join(place, 'a')), namesIn(join(place, 'missing'))]).toEqual([[], []]);
  });

  test('a text is undefined where there is none', () => {
    writeFileSync(join(folder, 'there'), 'é');
    expect([textIfThere(join(folder, 'there')), textIfThere(join(folder, 'missing'))]).toEqual(['é', undefined]);
    expect(textIfThere(folder)).toBeUndefined();
  });

  test('a folder is made to be written to, and is not writable where a file stands', () => {
    expect(isWritable(join(folder, 'new/folder'))).toBe(true);
    writeFileSync(join(folder, 'file'), '');
    expect(isWritable(join(folder, 'file/folder'))).toBe(false);
  });
});

describe('atomicWrite', () => {
  test('writes text and bytes, and keeps the rights of what it replaces', () => {
    const path = join(folder, 'text');
    atomicWrite(path, 'one');
    chmodSync(path, 0o640);
    atomicWrite(path, new Uint8Array([50]));
    expect(readFileSync(path, 'utf8')).toBe('2');
    expect(statSync(path).mode & 0o777).toBe(0o640);
    atomicWrite(path, 'secret', { mode: 0o600, durable: false });
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  test('makes folders when asked to', () => {
    const path = join(folder, 'deep/er/text');
    expect(() => atomicWrite(path, 'x')).toThrow('ENOENT');
    atomicWrite(path, 'x', { parents: true });
    expect(readFileSync(path, 'utf8')).toBe('x');
  });

  test('writes through a symbolic link', () => {
    writeFileSync(join(folder, 'real'), 'old');
    symlinkSync(join(folder, 'real'), join(folder, 'alias'));
    atomicWrite(join(folder, 'alias'), 'new');
    expect(lstatSync(join(folder, 'alias')).isSymbolicLink()).toBe(true);
    expect(readFileSync(join(folder, 'real'), 'utf8')).toBe('new');
  });

  test('that fails leaves the old contents and nothing else', () => {
    const place = join(folder, 'taken');
    mkdirSync(join(place, 'x'), { recursive: true });
    expect(() => atomicWrite(join(place, 'x'), 'text')).toThrow();
    expect(readdirSync(place)).toEqual(['x']);
  });
});

describe('atomicWriteAll', () => {
  test('writes all or nothing', () => {
    const [one, two] = [join(folder, 'one'), join(folder, 'two')];
    atomicWriteAll([
      { path: one, contents: '1' },
      { path: two, contents: '2' },
    ]);
    expect([one, two].map((path) => readFileSync(path, 'utf8'))).toEqual(['1', '2']);
    mkdirSync(join(folder, 'full/of'), { recursive: true });
    // The second cannot be put in place, or not even be written beside it.
    for (const path of [join(folder, 'full'), join(folder, 'missing/three')]) {
      expect(() =>
        atomicWriteAll([
          { path: one, contents: 'changed' },
          { path, contents: '3' },
        ]),
      ).toThrow();
      expect(readFileSync(one, 'utf8')).toBe('1');
    }
    expect(readdirSync(folder).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });
});

describe('createLinker', () => {
  test.each<LinkMode>(['clone', 'hardlink', 'copy', 'symlink'])('%s', (mode) => {
    const source = join(folder, `source-${mode}`);
    const target = join(folder, `target-${mode}`);
    writeFileSync(source, 'contents', { mode: 0o755 });
    utimesSync(source, 1_000_000, 1_000_000);
    const link = createLinker(mode);
    link(source, target);
    expect(readFileSync(target, 'utf8')).toBe('contents');
    expect(statSync(target).mode & 0o777).toBe(0o755);
    expect(statSync(target).mtimeMs).toBe(1_000_000_000);
    expect(() => link(source, target)).toThrow('EEXIST');
    if (mode === 'symlink') expect([link.byFolder, link.mode]).toEqual([true, 'hardlink']);
    if (link.mode === 'hardlink') expect(statSync(target).ino).toBe(statSync(source).ino);
  });

  test('falls back where the other place is on another device', () => {
    const elsewhere = '/dev/shm';
    if (!existsSync(elsewhere) || statSync(elsewhere).dev === statSync(folder).dev) return;
    const target = join(elsewhere, `tercet-${process.pid}`);
    writeFileSync(join(folder, 'here'), 'x');
    const link = createLinker('hardlink');
    try {
      link(join(folder, 'here'), target);
      expect(readFileSync(target, 'utf8')).toBe('x');
      expect(link.mode).toBe('copy');
      rmSync(target);
      const byFolder = createLinker('symlink');
      byFolder(join(folder, 'here'), target);
      expect(readlinkSync(target)).toBe(join(folder, 'here'));
      expect([byFolder.byFolder, byFolder.mode]).toEqual([true, 'symlink']);
    } finally {
      rmSync(target, { force: true });
    }
  });

  test('says what is wrong where nothing helps', () => {
    expect(() => createLinker()(join(folder, 'missing'), join(folder, 'y'))).toThrow('ENOENT');
  });
});

describe('lockFile', () => {
  test('is held by one at a time', async () => {
    const path = join(folder, 'locks/one');
    const first = tryLockFile(path);
    expect(first).toBeDefined();
    expect(tryLockFile(path)).toBeUndefined();
    let waited = 0;
    const second = lockFile(path, { interval: 1, onWait: () => waited++ });
    first?.release();
    first?.release();
    const held = await second;
    expect(waited).toBe(1);
    held.release();
    tryLockFile(path)?.release();
  });

  test('stops waiting when told to', async () => {
    using _held = await lockFile(join(folder, 'locks/two'));
    const stop = new AbortController();
    const waiting = lockFile(join(folder, 'locks/two'), { interval: 1, signal: stop.signal });
    stop.abort(new Error('enough'));
    expect(waiting).rejects.toThrow('enough');
  });

  test('ends with the process that holds it', () => {
    const path = join(folder, 'locks/three');
    const program = `import { tryLockFile } from './lock-file.ts'; if (!tryLockFile(${JSON.stringify(path)})) process.exit(3); process.kill(process.pid, 'SIGKILL');`;
    const child = Bun.spawnSync([process.execPath, '-e', program], { cwd: import.meta.dir });
    expect(child.signalCode).toBe('SIGKILL');
    const held = tryLockFile(path);
    expect(held).toBeDefined();
    held?.release();
  });
});

test('removing what may be gone', () => {
  const place = join(folder, 'gone');
  mkdirSync(join(place, 'full'), { recursive: true });
  writeFileSync(join(place, 'full/file'), '');
  expect(removeFile(join(place, 'missing'))).toBe(false);
  expect(removeFile(join(place, 'full/file/below'))).toBe(false);
  expect(() => removeFile(join(place, 'full'))).toThrow();
  expect(removeEmptyFolder(place)).toBe(false);
  expect(removeFile(join(place, 'full/file'))).toBe(true);
  expect(removeEmptyFolder(join(place, 'full'))).toBe(true);
  removeTree(place);
  removeTree(place);
  expect(existsSync(place)).toBe(false);
});

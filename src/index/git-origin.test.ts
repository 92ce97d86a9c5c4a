import { afterEach, expect, test } from 'bun:test';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TercetError } from '../ground/error.ts';
import { createTransport } from '../http/transport.ts';
import { runSync } from '../process/spawn.ts';
import type { GitReference } from '../requirements/requirement.ts';
import { checkoutGit, readGitOrigin } from './git-origin.ts';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'tercet-test-'));
  folders.push(path);
  return path;
}

/** A repository with a commit on `main`, tagged `v1`, and one more on `next`. */
function repository() {
  const path = folder();
  const git = (...argv: string[]) => {
    const { code, stdout, stderr } = runSync('git', [
      '-C',
      path,
      '-c',
      'user.name=n',
      '-c',
      'user.email=e@e.example',
      ...argv,
    ]);
    if (code !== 0) throw new Error(stderr);
    return stdout.trim();
  };
  const commit = (text: string) => {
    writeFileSync(join(path, 'pyproject.toml'), text);
    git('add', '-A');
    git('commit', '--quiet', '--no-gpg-sign', '-m', text);
    return git('rev-parse', 'HEAD');
  };
  git('init', '--quiet', '-b', 'main');
  const first = commit('one');
  git('tag', 'v1');
  git('checkout', '--quiet', '-b', 'next');
  const second = commit('two');
  git('checkout', '--quiet', 'main');
  return { url: `file://${path}`, first, second };
}

const isMissing = Bun.which('git') === null;

test.skipIf(isMissing)('a commit by HEAD, branch, tag, full and short name', async () => {
  const { url, first, second } = repository();
  const cases: readonly [GitReference | undefined, string][] = [
    [undefined, first],
    [{ kind: 'branch', name: 'next' }, second],
    [{ kind: 'tag', name: 'v1' }, first],
    [{ kind: 'rev', name: second }, second],
    [{ kind: 'rev', name: second.slice(0, 8) }, second],
    [{ kind: 'rev', name: 'next' }, second],
  ];
  for (const [reference, commit] of cases) expect(await checkoutGit(`git+${url}`, reference, folder())).toBe(commit);
});

test.skipIf(isMissing)('what a lock says of it', async () => {
  const { url, second } = repository();
  const transport = createTransport({ env: {} });
  const reference: GitReference = { kind: 'branch', name: 'next' };
  let source: unknown;
  await readGitOrigin(
    { kind: 'git', url, reference, develop: false, subdirectory: 'sub' },
    { transport },
    async (at, locked) => {
      expect(at.endsWith('/sub')).toBe(true);
      source = locked;
      return { kind: 'not-found' };
    },
  );
  expect(source).toMatchObject({ type: 'git', reference: 'next', resolvedReference: second, subdirectory: 'sub' });
});

test.skipIf(isMissing)('what does not exist, and what would be an option of git, is refused', async () => {
  const { url } = repository();
  const failure = (address: string, name: string) =>
    checkoutGit(address, { kind: 'branch', name }, folder()).catch((error: unknown) => error);
  for (const error of [
    await failure(url, 'nothing'),
    await failure(url, '--upload-pack=x'),
    await failure('--x', 'main'),
  ]) {
    expect(error).toBeInstanceOf(TercetError);
    expect(error).toMatchObject({ code: 'git-failed' });
  }
});

/** Git repositories as distributions: one commit is fetched with the `git` program and read like a folder. */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TercetError } from '../ground/error.ts';
import { redact, withoutCredentials } from '../ground/redact.ts';
import type { Transport } from '../http/transport.ts';
import type { LockedSource } from '../lock/lock.ts';
import { run } from '../process/spawn.ts';
import { parseGitUrl } from '../requirements/git-url.ts';
import type { GitReference, Origin } from '../requirements/requirement.ts';
import type { ReleaseMetadata, Unavailable } from '../resolver/question.ts';

type GitOrigin = Extract<Origin, { kind: 'git' }>;

/** Fetches the commit into a temporary folder, lets `read` look at it, and removes it again. */
export async function readGitOrigin(
  origin: GitOrigin,
  { transport }: { readonly transport: Transport },
  read: (folder: string, source: LockedSource) => ReleaseMetadata | Unavailable,
): Promise<ReleaseMetadata | Unavailable> {
  const { url } = parseGitUrl(origin.url);
  if (transport.offline && !url.startsWith('file:')) return { kind: 'offline' };
  const folder = mkdtempSync(join(tmpdir(), 'tercet-git-'));
  try {
    const resolvedReference = await checkoutGit(origin.url, origin.reference, folder);
    const subdirectory = origin.subdirectory === '' ? undefined : origin.subdirectory;
    return read(subdirectory === undefined ? folder : join(folder, subdirectory), {
      type: 'git',
      url,
      reference: origin.reference?.name ?? 'HEAD',
      resolvedReference,
      ...(subdirectory === undefined ? {} : { subdirectory }),
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * Puts a commit of a repository into an existing, empty folder and returns its full name. Without a reference: the repository's HEAD.
 * Throws `git-failed`.
 */
export async function checkoutGit(url: string, reference: GitReference | undefined, folder: string): Promise<string> {
  const address = url.replace(/^git\+/, '').replace(/^file:\/\/None\//, 'file:///');
  const name = reference?.name ?? 'HEAD';
  if (address.startsWith('-') || name.startsWith('-'))
    throw failed(address, name, 'the address or the reference begins with a hyphen');
  const git = (...argv: readonly string[]) =>
    run('git', ['-C', folder, '-c', 'core.symlinks=true', '-c', 'advice.detachedHead=false', ...argv], {
      env: { ...process.env, GIT_TERMINAL_PROMPT: '0', GIT_ALLOW_PROTOCOL: 'https:http:ssh:git:file' },
    });

  const made = await git('init', '--quiet');
  if (made.code === 127) throw failed(address, name, 'the program `git` was not found');
  if (made.code !== 0) throw failed(address, name, made.stderr);
  const wanted =
    reference?.kind === 'branch' ? `refs/heads/${name}` : reference?.kind === 'tag' ? `refs/tags/${name}` : name;
  const shallow = await git('fetch', '--quiet', '--depth', '1', '--', address, wanted);
  let commit = 'FETCH_HEAD';
  if (shallow.code !== 0) {
    // Short commit names, and servers that hand out only what has a name.
    const all = await git('fetch', '--quiet', '--tags', '--', address, '+refs/heads/*:refs/remotes/origin/*');
    if (all.code !== 0 || reference?.kind !== 'rev')
      throw failed(address, name, (all.code === 0 ? shallow : all).stderr);
    const branch = await git('rev-parse', '--quiet', '--verify', `refs/remotes/origin/${name}^{commit}`);
    commit = branch.code === 0 ? branch.stdout.trim() : name;
  }
  const checkout = await git('checkout', '--quiet', '--detach', commit, '--');
  if (checkout.code !== 0) throw failed(address, name, checkout.stderr);
  const head = await git('rev-parse', '--verify', 'HEAD');
  if (head.code !== 0) throw failed(address, name, head.stderr);
  return head.stdout.trim();
}

function failed(address: string, name: string, why: string): TercetError {
  const shown = withoutCredentials(address);
  return new TercetError('git-failed', `Failed to clone ${shown} at '${name}': ${redact(why).trim()}`, {
    hints: ['Verify that the repository and the reference exist and that `git` may read them.'],
    detail: { url: shown, reference: name },
  });
}

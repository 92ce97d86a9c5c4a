/** Git repositories as distributions: one commit is fetched with the `git` program and read like a folder. */

import { existsSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { removeTree } from '../files/remove.ts';
import { TercetError } from '../ground/error.ts';
import { redact, withoutCredentials } from '../ground/redact.ts';
import type { Transport } from '../http/transport.ts';
import type { LockedSource } from '../lock/lock.ts';
import { run } from '../process/spawn.ts';
import type { Variables } from '../process/variables.ts';
import { parseGitUrl } from '../requirements/git-url.ts';
import type { GitReference, Origin } from '../requirements/requirement.ts';
import type { ReleaseMetadata, Unavailable } from '../resolver/question.ts';

type GitOrigin = Extract<Origin, { kind: 'git' }>;

/** User and password configured for the address of a repository; undefined where there are none. */
export type GitLogin = (address: string) => { readonly username: string; readonly password: string } | undefined;

/** Fetches the commit into a temporary folder, lets `read` look at it, and removes it again. */
export async function readGitOrigin(
  origin: GitOrigin,
  { transport, gitLogin }: { readonly transport: Transport; readonly gitLogin?: GitLogin | undefined },
  read: (folder: string, source: LockedSource) => Promise<ReleaseMetadata | Unavailable>,
): Promise<ReleaseMetadata | Unavailable> {
  const { url } = parseGitUrl(origin.url);
  if (transport.offline && !url.startsWith('file:')) return { kind: 'offline' };
  const folder = mkdtempSync(join(tmpdir(), 'tercet-git-'));
  const remove = () => removeTree(folder);
  process.once('exit', remove);
  try {
    const resolvedReference = await checkoutGit(origin.url, origin.reference, folder, gitLogin);
    const subdirectory = origin.subdirectory === '' ? undefined : origin.subdirectory;
    return await read(subdirectory === undefined ? folder : join(folder, subdirectory), {
      type: 'git',
      url,
      reference: origin.reference?.name ?? 'HEAD',
      resolvedReference,
      ...(subdirectory === undefined ? {} : { subdirectory }),
    });
  } finally {
    process.off('exit', remove);
    remove();
  }
}

/**
 * Puts a commit of a repository, with its submodules, into an existing folder (empty, or an earlier clone) and returns its full name.
 * Without a reference: the repository's HEAD. A tag may be named as a branch, and a branch or a tag as a revision, as in Poetry.
 * Nothing is ever asked at the terminal. Throws `git-failed`.
 */
export async function checkoutGit(
  url: string,
  reference: GitReference | undefined,
  folder: string,
  login?: GitLogin,
): Promise<string> {
  const address = url.replace(/^git\+/, '').replace(/^file:\/\/None\//, 'file:///');
  const name = reference?.name ?? 'HEAD';
  if (address.startsWith('-') || name.startsWith('-'))
    throw failed(address, name, 'the address or the reference begins with a hyphen');
  const env = await gitVariables(address, login);
  const git = (...argv: readonly string[]) =>
    run('git', ['-C', folder, '-c', 'core.symlinks=true', '-c', 'advice.detachedHead=false', ...argv], {
      env,
      endsWithUs: true,
    });
  const must = async (...argv: readonly string[]) => {
    const done = await git(...argv);
    if (done.code === 127) throw failed(address, name, 'the program `git` was not found');
    if (done.code !== 0) throw failed(address, name, done.stderr);
    return done.stdout.trim();
  };

  await must('init', '--quiet');
  let fetched = { code: 1, stderr: '' };
  for (const wanted of spellingsOf(reference)) {
    fetched = await git('fetch', '--quiet', '--depth', '1', '--', address, wanted);
    if (fetched.code === 0 || !isMissing(fetched.stderr)) break;
  }
  let commit = 'FETCH_HEAD';
  if (fetched.code !== 0) {
    if (reference?.kind !== 'rev' || !isMissing(fetched.stderr)) throw failed(address, name, fetched.stderr);
    // Short commit names, and servers that hand out only what has a name.
    await must('fetch', '--quiet', '--tags', '--', address, '+refs/heads/*:refs/remotes/origin/*');
    commit = (await git('rev-parse', '--quiet', '--verify', `${name}^{commit}`)).stdout.trim();
    if (commit === '') throw failed(address, name, fetched.stderr);
  }
  await must('checkout', '--quiet', '--force', '--detach', commit, '--');
  if (existsSync(join(folder, '.gitmodules'))) {
    // Addresses of submodules may be relative to the repository's.
    await must('config', 'remote.origin.url', address);
    await must('submodule', '--quiet', 'update', '--init', '--recursive', '--force');
  }
  return must('rev-parse', '--verify', 'HEAD');
}

/** What to ask the repository for, in order. */
function spellingsOf(reference: GitReference | undefined): readonly string[] {
  const name = reference?.name ?? 'HEAD';
  if (name === 'HEAD' || name.startsWith('refs/')) return [name];
  switch (reference?.kind) {
    case 'branch':
      return [`refs/heads/${name}`, `refs/tags/${name}`];
    case 'tag':
      return [`refs/tags/${name}`];
    default:
      return [name];
  }
}

/** True where the repository was reached, and does not have, or does not hand out, what was asked for. */
function isMissing(stderr: string): boolean {
  return /couldn't find remote ref|not our ref|unadvertised object|no such remote ref/i.test(stderr);
}

/** The environment of `git`: it must fail where it would ask a question, and speak English. */
async function gitVariables(address: string, login: GitLogin | undefined): Promise<Variables> {
  const env: Record<string, string | undefined> = {
    ...process.env,
    LC_ALL: 'C',
    GIT_TERMINAL_PROMPT: '0',
    GIT_ALLOW_PROTOCOL: 'https:http:ssh:git:file',
  };
  if (/^(?:ssh:|git\+ssh:|[^/]+@[^/]+:)/.test(address) && env.GIT_SSH === undefined) {
    const configured = env.GIT_SSH_COMMAND ?? (await run('git', ['config', 'core.sshCommand'])).stdout.trim();
    const command = configured === '' ? 'ssh' : configured;
    // Another program than OpenSSH may not know the option.
    if (/(?:^|[/\\])ssh(?:\.exe)?(?:\s|$)/.test(command)) env.GIT_SSH_COMMAND = `${command} -o BatchMode=yes`;
  }
  const credentials = /^https?:/.test(address) ? login?.(address) : undefined;
  if (credentials !== undefined) {
    const { username, password } = credentials;
    const count = Number(env.GIT_CONFIG_COUNT ?? 0);
    env.GIT_CONFIG_COUNT = String(count + 1);
    env[`GIT_CONFIG_KEY_${count}`] = `http.${address}.extraHeader`;
    env[`GIT_CONFIG_VALUE_${count}`] =
      `Authorization: Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
  }
  return env;
}

function failed(address: string, name: string, why: string): TercetError {
  const shown = withoutCredentials(address);
  const said = redact(why).trim();
  const message = isMissing(why)
    ? `Failed to clone ${shown} at '${name}', verify ref exists on remote.\n\n${said}`
    : `Failed to clone ${shown} at '${name}', check your git configuration and permissions for this repository.\n\n${said}`;
  return new TercetError('git-failed', message, {
    hints: hintsFor(shown, why),
    detail: { url: shown, reference: name },
  });
}

function hintsFor(address: string, why: string): readonly string[] {
  if (/terminal prompts disabled|Authentication failed|could not read (?:Username|Password)/i.test(why)) {
    return [
      `The repository asks for a password: \`tercet config repositories.NAME ${address}\` and \`tercet config http-basic.NAME USER PASSWORD\`, or a credential helper of git, tell it.`,
    ];
  }
  if (/Permission denied|Host key verification failed/i.test(why)) {
    return [
      `\`git ls-remote ${address}\` shows whether ssh reaches it without a question: the key must be in the agent.`,
    ];
  }
  return ['Verify that the repository and the reference exist and that `git` may read them.'];
}

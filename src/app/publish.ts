/** `publish`: what `build` has made, to PyPI or another repository. */

import { basename, resolve } from 'node:path';
import { ownModule } from '../backend/source.ts';
import type { Configuration } from '../configuration/configuration.ts';
import { createKeyring } from '../credentials/keyring.ts';
import { netrcEntry, parseNetrc } from '../credentials/netrc.ts';
import { TercetError } from '../ground/error.ts';
import { percentDecoded } from '../ground/percent.ts';
import { bareAddress } from '../http/address.ts';
import { tlsOptions } from '../http/certificates.ts';
import { offlineError } from '../http/failure.ts';
import { UPLOAD_URL } from '../index/pypi.ts';
import { type ReadyFiles, readyFiles } from '../publisher/distributions.ts';
import { exchangeOver } from '../publisher/exchange.ts';
import { hasIdentity, mintToken } from '../publisher/trusted-publishing.ts';
import { type Login, type UploadTarget, uploadFile } from '../publisher/upload.ts';
import type { Context, Project } from './context.ts';

import { certificatesOf, netrcText } from './open-index.ts';

export interface PublishRequest {
  /** Default: PyPI. */
  readonly repository: string | undefined;
  readonly username: string | undefined;
  readonly password: string | undefined;
  /** Paths of PEM files, relative to the working directory. */
  readonly cert: string | undefined;
  readonly clientCert: string | undefined;
  /** Relative to the project. */
  readonly distDir: string;
  readonly build: boolean;
  readonly dryRun: boolean;
  readonly skipExisting: boolean;
}

/** Publishes, and answers with the exit code. Throws `repository-unknown`, `upload-failed` and what the build throws. */
export async function publish(context: Context, request: PublishRequest): Promise<number> {
  const project = await context.project();
  if (!project.manifest.packageMode) {
    context.emit({ kind: 'notice', text: 'Publishing a package is not possible in non-package mode.' });
    return 1;
  }
  if (request.build) {
    const code = await buildFirst(context, project, request);
    if (code !== 0) return code;
  }
  const ready = filesOf(project, request);
  if (ready === undefined) {
    const text = 'No files to publish. Run poetry build first or use the --build option.';
    context.emit({ kind: 'notice', text });
    return 1;
  }
  context.emit({ kind: 'line', text: '' });
  const name = request.repository || 'pypi';
  const target = await targetOf(context, project, name, request);
  const shown = name === 'pypi' ? 'PyPI' : name;
  context.emit({ kind: 'line', text: `Publishing ${project.manifest.prettyName} (${ready.version}) to ${shown}` });
  if (context.offline && !request.dryRun) throw offlineError(target.url);
  for (const file of ready.files) await upload(context, target, file, request);
  return 0;
}

function filesOf({ manifest, directory }: Project, { distDir }: PublishRequest): ReadyFiles | undefined {
  return readyFiles(resolve(directory, distDir), ownModule(manifest));
}

async function buildFirst(context: Context, project: Project, request: PublishRequest): Promise<number> {
  const { distDir } = request;
  const count = filesOf(project, request)?.files.length ?? 0;
  if (count > 0 && context.interactive) {
    const question = `There are ${count} files ready for publishing in ${distDir}. Build anyway?`;
    if (!(await context.ask.confirm(question, false))) {
      context.emit({ kind: 'notice', text: 'Aborted!' });
      return 1;
    }
  } else if (count > 0) {
    const text = `Warning: There are ${count} files ready for publishing in ${distDir}. Build anyway!`;
    context.emit({ kind: 'line', text });
  }
  const { build } = await import('./build.ts');
  return build(context, {
    formats: ['sdist', 'wheel'],
    output: distDir,
    clean: false,
    configSettings: new Map(),
  });
}

async function upload(context: Context, target: UploadTarget, path: string, request: PublishRequest): Promise<void> {
  const file = basename(path);
  const { emit } = context;
  emit({ kind: 'upload-started', file });
  try {
    const outcome = await uploadFile(target, path, {
      dryRun: request.dryRun,
      skipExisting: request.skipExisting,
      onProgress: (bytes, total) => emit({ kind: 'upload-progressed', file, bytes, total }),
    });
    emit({ kind: 'upload-finished', file, outcome });
  } catch (error) {
    emit({ kind: 'upload-finished', file, outcome: 'failed' });
    throw error;
  }
}

// --- where to, and as whom -----------------------------------------------------------------------------------------------

async function targetOf(
  context: Context,
  { manifest }: Project,
  name: string,
  request: PublishRequest,
): Promise<UploadTarget> {
  const { env, cwd, signal, toolVersion } = context;
  const configuration = await context.configuration();
  const written =
    name === 'pypi'
      ? UPLOAD_URL
      : (textAt(configuration, ['repositories', name, 'url']) ??
        manifest.sources.find((source) => source.name === name)?.url);
  if (written === undefined) {
    throw new TercetError('repository-unknown', `Repository ${name} is not defined`, {
      hints: [`\`tercet config repositories.${name} https://…\` defines it.`],
    });
  }
  const url = uploadAddress(written);
  const configured = name === 'pypi' ? undefined : certificatesOf(configuration, name);
  const cert = request.cert === undefined ? configured?.cert : resolve(cwd, request.cert);
  const clientCert = request.clientCert === undefined ? configured?.clientCert : resolve(cwd, request.clientCert);
  const tls = tlsOptions(
    { ...(cert === undefined ? {} : { cert }), ...(clientCert === undefined ? {} : { clientCert }) },
    env,
  );
  const timeoutSeconds = Math.max(60, Number(env.POETRY_REQUESTS_TIMEOUT) || 0);
  const target = { url: bareAddress(url), tls, env, signal, timeoutSeconds, userAgent: `tercet/${toolVersion}` };
  const known = await knownLogin(context, configuration, name, request, url);
  return { ...target, login: known ?? (await trustedLogin(context, target, name, request.dryRun)) };
}

/** With the slash that `…/legacy` needs. Throws `url-invalid`. */
function uploadAddress(written: string): URL {
  const url = URL.parse(written.endsWith('/legacy') ? `${written}/` : written);
  if (url !== null && (url.protocol === 'https:' || url.protocol === 'http:')) return url;
  throw new TercetError('url-invalid', 'The address of the repository is no http or https address');
}

/** What is given, else the token, else user and password of configuration and keyring, else those in the address, else netrc's. */
async function knownLogin(
  context: Context,
  configuration: Configuration,
  name: string,
  { username, password }: PublishRequest,
  url: URL,
): Promise<Login | undefined> {
  if (username && password) return { username, password };
  const service = `poetry-repository-${name}`;
  const keyring = configuration.get('keyring.enabled') === false ? undefined : createKeyring();
  const stored = async (user: string): Promise<string | undefined> => (await keyring?.(service, user))?.password;
  const token = textAt(configuration, ['pypi-token', name]) ?? (await stored(TOKEN_USER));
  if (token) return { username: TOKEN_USER, password: token };
  const configured = textAt(configuration, ['http-basic', name, 'username']);
  const user = username || configured;
  const secret =
    password ||
    (user === configured ? textAt(configuration, ['http-basic', name, 'password']) : undefined) ||
    (user && (await stored(user)));
  if (user && secret) return { username: user, password: secret };
  if (url.username !== '' && url.password !== '') {
    return { username: percentDecoded(url.username), password: percentDecoded(url.password) };
  }
  const entry = netrcEntry(parseNetrc(netrcText(context) ?? ''), url.hostname);
  return entry === undefined ? undefined : { username: entry.login, password: entry.password };
}

const TOKEN_USER = '__token__';

/** The token that the CI's identity is worth; a dry run asks nobody. */
async function trustedLogin(
  context: Context,
  target: Omit<UploadTarget, 'login'>,
  name: string,
  dryRun: boolean,
): Promise<Login | undefined> {
  if (dryRun || context.offline || !hasIdentity(context.env)) return undefined;
  const password = await mintToken({
    url: target.url,
    env: context.env,
    isPypi: name === 'pypi',
    exchange: exchangeOver(target),
  });
  if (password === undefined) return undefined;
  context.emit({ kind: 'notice', level: 1, text: 'Publishing with the identity of this CI job' });
  return { username: TOKEN_USER, password };
}

function textAt(configuration: Configuration, path: readonly string[]): string | undefined {
  const value = configuration.lookup(path);
  return typeof value === 'string' && value !== '' ? value : undefined;
}

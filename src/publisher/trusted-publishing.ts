/**
 * Publishing from a CI job without a stored secret: the job's identity (an OpenID Connect token) is exchanged for a token of the index
 * that is good for minutes. GitHub Actions hands the identity out on request, GitLab CI puts it into a variable.
 * (PyPI's documentation, "Trusted publishers: internals".)
 */

import { TercetError } from '../ground/error.ts';
import { redact } from '../ground/redact.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** A request to the index or to the CI. Rejects where there is no answer. */
export type Exchange = (
  url: string,
  options: { readonly token?: string; readonly json?: unknown },
) => Promise<{
  readonly status: number;
  readonly body: string;
}>;

export interface TrustedPublishingOptions {
  /** The upload address. */
  readonly url: string;
  readonly env: Env;
  readonly exchange: Exchange;
  /** Whether the address is PyPI's own: nobody else may ask for an identity that PyPI would accept. */
  readonly isPypi: boolean;
}

/** Whether this is a job of a CI that tells who it is. */
export function hasIdentity(env: Env): boolean {
  return isGitHub(env) || (env.GITLAB_CI === 'true' && Object.keys(env).some((name) => name.endsWith('_ID_TOKEN')));
}

/**
 * A token for the upload, under the user name `__token__`; undefined where the index does not know trusted publishing. Throws
 * `trusted-publishing-failed` where it does, and refuses.
 */
export async function mintToken({ url, env, exchange, isPypi }: TrustedPublishingOptions): Promise<string | undefined> {
  const audience = await audienceOf(url, exchange);
  if (audience === undefined) return undefined;
  if (!isPypi && /^(?:test)?pypi$/.test(audience)) {
    throw failed(`${new URL(url).host} asks for an identity that is meant for PyPI; it does not get it`);
  }
  const identity = isGitHub(env) ? await gitHubIdentity(env, audience, exchange) : gitLabIdentity(env, audience);
  if (identity === undefined) return undefined;
  const { status, body } = await exchange(new URL('/_/oidc/mint-token', url).href, { json: { token: identity } });
  const answer = parsed(body);
  if (status === 200 && typeof answer.token === 'string' && answer.token !== '') return answer.token;
  throw failed(`${new URL(url).host} does not trust this job (${status}): ${reasons(answer)}`);
}

/** Whom the identity is to be made out to. */
async function audienceOf(url: string, exchange: Exchange): Promise<string | undefined> {
  const { status, body } = await exchange(new URL('/_/oidc/audience', url).href, {});
  const { audience } = status === 200 ? parsed(body) : {};
  return typeof audience === 'string' && audience !== '' ? audience : undefined;
}

function isGitHub(env: Env): boolean {
  return Boolean(env.ACTIONS_ID_TOKEN_REQUEST_URL && env.ACTIONS_ID_TOKEN_REQUEST_TOKEN);
}

async function gitHubIdentity(env: Env, audience: string, exchange: Exchange): Promise<string> {
  const url = new URL(env.ACTIONS_ID_TOKEN_REQUEST_URL ?? '');
  url.searchParams.set('audience', audience);
  const { status, body } = await exchange(url.href, { token: env.ACTIONS_ID_TOKEN_REQUEST_TOKEN ?? '' });
  const { value } = parsed(body);
  if (status === 200 && typeof value === 'string' && value !== '') return value;
  throw failed(`GitHub does not tell who this job is (${status}); it needs the permission \`id-token: write\``);
}

/** GitLab's jobs name the variable themselves, by convention after the audience: `PYPI_ID_TOKEN`. */
function gitLabIdentity(env: Env, audience: string): string | undefined {
  return env[`${audience.toUpperCase().replace(/[^A-Z0-9]/g, '_')}_ID_TOKEN`] || undefined;
}

function parsed(body: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

function reasons({ errors, message }: Readonly<Record<string, unknown>>): string {
  const listed = Array.isArray(errors)
    ? errors.map((one: unknown) => String((one as { description?: unknown } | null)?.description ?? ''))
    : [String(message ?? '')];
  return redact(listed.filter(Boolean).join('; ')).slice(0, 1000) || 'no reason given';
}

function failed(message: string): TercetError {
  return new TercetError('trusted-publishing-failed', message, {
    hints: ['Is this repository, with this workflow, entered as a trusted publisher of the project?'],
  });
}

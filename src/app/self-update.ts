/** `self update`: a newer tercet in the place of this one, from where it was installed. */

import { TercetError } from '../ground/error.ts';
import { withoutCredentials } from '../ground/redact.ts';
import { createTransport } from '../http/transport.ts';
import { findInstallation, type Installation } from '../releases/installation.ts';
import { putInPlace } from '../releases/put-in-place.ts';
import { fetchExecutable, newestVersion } from '../releases/release.ts';
import { compareVersions, parseVersion, tryParseVersion } from '../versions/version.ts';
import type { Context } from './context.ts';

export interface SelfUpdateOptions {
  /** Path of the running executable. */
  readonly executable: string;
  /** As typed: a version, or `latest`. Only a version may be older than what is here. */
  readonly version: string;
  /** Pre-releases count. */
  readonly preview: boolean;
  /** Say what would be done. */
  readonly dryRun: boolean;
}

/** Throws `not-self-managed` where a package manager or nobody knows of this executable, and what fetching and placing throw. */
export async function selfUpdate(context: Context, options: SelfUpdateOptions): Promise<void> {
  const { emit, env, signal, offline, toolVersion } = context;
  const installation = findInstallation(options.executable);
  if (installation.kind !== 'own') throw notOurs(installation);
  const { receipt, key } = installation;
  const baseUrl = (env.TERCET_BASE_URL || receipt.baseUrl).replace(/\/+$/, '');
  const transport = createTransport({ env, signal, offline, userAgent: `tercet/${toolVersion}` });
  const host = { transport, baseUrl };

  emit({ kind: 'line', text: 'Updating tercet version ...', style: 'info' });
  emit({ kind: 'notice', level: 1, text: `Releases: ${withoutCredentials(baseUrl)}` });
  const wanted = options.version.replace(/^@/, '');
  const isNewest = wanted === 'latest';
  const version = isNewest ? await newestVersion(host, options.preview) : asVersion(wanted);
  const order = compareVersions(parseVersion(version), parseVersion(receipt.version));
  if (order === 0 || (isNewest && order < 0)) {
    emit({ kind: 'line', text: '' });
    emit({ kind: 'line', text: `tercet ${receipt.version} is the newest there is` });
    return;
  }
  const change = `${order > 0 ? 'Updating' : 'Downgrading'} tercet (${receipt.version} -> ${version})`;
  emit({ kind: 'line', text: '' });
  if (options.dryRun) {
    emit({ kind: 'line', text: `  - ${change}: not done, this is a dry run` });
    return;
  }
  emit({ kind: 'line', text: `  - ${change}` });
  const executable = await fetchExecutable(host, version, receipt.target, key);
  const said = await putInPlace(executable, { ...installation, receipt: { ...receipt, version } });
  emit({ kind: 'line', text: '' });
  emit({ kind: 'line', text: `${said} is in ${installation.program}` });
}

function asVersion(text: string): string {
  if (tryParseVersion(text) !== undefined) return text;
  throw new TercetError('version-invalid', `\`${text}\` is no version of tercet`, {
    hints: ['`tercet self update` takes the newest, `tercet self update 1.2.3` that one.'],
  });
}

function notOurs(installation: Exclude<Installation, { kind: 'own' }>): TercetError {
  if (installation.kind === 'managed') {
    return new TercetError(
      'not-self-managed',
      `This tercet was installed by ${installation.by}, which has to update it`,
      {
        hints: [`run \`${installation.command}\``],
      },
    );
  }
  return new TercetError('not-self-managed', `${installation.program} was not put there by an installer of tercet`, {
    hints: ['Update it the way it came: build it again, copy it again, or run the installer once.'],
  });
}

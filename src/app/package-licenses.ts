/** The licences of locked packages: from the environment, from wheels in the store, else from what the index says of them. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readInstalled } from '../environments/installed.ts';
import type { Sha256 } from '../ground/brand.ts';
import { TercetError } from '../ground/error.ts';
import { openStore } from '../installer/store.ts';
import type { LockedPackage } from '../lock/lock.ts';
import { statedLicense } from '../manifest/stated-license.ts';
import { parseLicenseFields } from '../metadata/core-metadata.ts';
import type { Context } from './context.ts';
import { findProjectEnvironment } from './project-environment.ts';

/** What is known of a package's licence. */
export interface PackageLicense {
  /** An expression or a name; undefined where none is stated. */
  readonly license: string | undefined;
  /** Where it was read. `nowhere`: nothing could be read. */
  readonly from: 'environment' | 'store' | 'index' | 'nowhere';
}

/** Asks for all of them, many at a time. `network` false: only what is on this machine. Default: true. */
export async function packageLicenses(
  context: Context,
  packages: readonly LockedPackage[],
  { network = true }: { readonly network?: boolean } = {},
): Promise<ReadonlyMap<LockedPackage, PackageLicense>> {
  const environment = await findProjectEnvironment(context).catch(() => undefined);
  if (environment !== undefined) await environment.facts().catch(() => undefined);
  const installed = new Map(
    environment === undefined
      ? []
      : safely(() => readInstalled(environment), []).map((one) => [`${one.name} ${one.version}`, one.path]),
  );
  const store = openStore(await context.cacheFolder());
  const ask = network && !context.offline ? await fromIndex(context) : undefined;
  const found = await Promise.all(
    packages.map(async (one): Promise<PackageLicense> => {
      const path = installed.get(`${one.name} ${one.version.text}`);
      const here = path === undefined ? undefined : licenseIn(join(path, 'METADATA'));
      if (here !== undefined) return { ...here, from: 'environment' };
      for (const { hash } of one.files) {
        const wheel = safely(() => store.get(hash.replace(/^sha256:/, '') as Sha256), undefined);
        const stored = wheel === undefined ? undefined : licenseIn(join(wheel.tree, wheel.distInfo, 'METADATA'));
        if (stored !== undefined) return { ...stored, from: 'store' };
      }
      const text = await ask?.(one);
      const said = text === undefined ? undefined : licenseOf(text);
      return said === undefined ? { license: undefined, from: 'nowhere' } : { ...said, from: 'index' };
    }),
  );
  return new Map(packages.map((one, at) => [one, found[at] ?? { license: undefined, from: 'nowhere' }]));
}

/** The metadata beside a wheel on the index (PEP 658), asked for whether it is advertised or not. */
async function fromIndex(context: Context): Promise<(one: LockedPackage) => Promise<string | undefined>> {
  const { manifest } = await context.project();
  const { client, transport } = await context.index(manifest.sources);
  return async ({ name, version, source }) => {
    if (source !== undefined && source.type !== 'legacy') return undefined;
    try {
      const files = await client.files(name, version, source?.reference);
      const wheel = files.find((one) => one.file.endsWith('.whl'));
      if (wheel === undefined) return undefined;
      const { status, body } = await transport.fetch(`${wheel.url.split('?', 1)[0]}.metadata`);
      return status === 200 ? new TextDecoder().decode(body) : undefined;
    } catch (error) {
      if (error instanceof TercetError && error.code !== 'interrupted') return undefined;
      throw error;
    }
  };
}

function licenseIn(path: string): { readonly license: string | undefined } | undefined {
  const text = safely(() => readFileSync(path, 'utf8'), undefined);
  return text === undefined ? undefined : licenseOf(text);
}

function licenseOf(text: string): { readonly license: string | undefined } {
  return { license: statedLicense(parseLicenseFields(text)) };
}

function safely<T>(read: () => T, otherwise: T): T {
  try {
    return read();
  } catch {
    return otherwise;
  }
}

/** `sync --verify`: what is installed is compared with what was locked, and what is damaged is installed anew. */

import { dirname, relative } from 'node:path';
import type { InstalledDistribution } from '../environments/installed.ts';
import type { Sha256 } from '../ground/brand.ts';
import type { Emit } from '../ground/events.ts';
import type { BinaryPolicies } from '../installer/choose.ts';
import { isSkipped, nameOf, type Plan } from '../installer/plan.ts';
import type { WheelStore } from '../installer/store.ts';
import type { Damage } from '../installer/verify.ts';
import type { LockedPackage } from '../lock/lock.ts';

export interface VerifyOptions {
  readonly installed: readonly InstalledDistribution[];
  /** Undefined: only RECORD is compared. */
  readonly store: WheelStore | undefined;
  readonly ranks: ReadonlyMap<string, number>;
  readonly policies: BinaryPolicies;
  readonly emit: Emit;
}

/**
 * The plan with what is damaged to be installed anew. Each damage is told as a warning, and in the end how many packages were looked
 * at. A stored wheel whose files are damaged as well is taken out of the store, so that it is fetched again.
 */
export async function withRepairs(plan: Plan, options: VerifyOptions): Promise<Plan> {
  const [{ verifyDistributions }, { chooseLockedFile }] = await Promise.all([
    import('../installer/verify.ts'),
    import('../installer/choose.ts'),
  ]);
  const { store, emit } = options;
  const byName = new Map(options.installed.map((one) => [one.name, one]));
  const wheelOf = (locked: LockedPackage) => {
    const hash = chooseLockedFile({ package: locked, ...options })?.hash;
    if (hash?.startsWith('sha256:') !== true) return undefined;
    if (store === undefined) return undefined;
    const sha256 = hash.slice('sha256:'.length) as Sha256;
    const wheel = store.get(sha256);
    if (wheel === undefined || store.isGenuine(wheel)) return wheel;
    store.remove(sha256);
    return undefined;
  };
  const looked = plan.flatMap((operation) => {
    const installed = byName.get(nameOf(operation));
    if (operation.kind !== 'install' || operation.skipped !== 'Already installed') return [];
    return installed === undefined || installed.inherited ? [] : [{ operation, installed }];
  });
  const damaged = verifyDistributions(
    looked.map(({ operation, installed }) => ({ installed, wheel: wheelOf(operation.package) })),
  );
  for (const [installed, damages] of damaged) emit({ kind: 'warning', text: damageText(installed, damages) });
  emit({ kind: 'line', text: countText(looked.length, damaged.size) });
  return plan.map((operation) => {
    const from = byName.get(nameOf(operation));
    if (from === undefined || operation.kind !== 'install' || !isSkipped(operation)) return operation;
    const damages = damaged.get(from);
    if (damages === undefined) return operation;
    // Without a RECORD nothing says what belongs to it: it is installed over what is there.
    if (damages.some(({ fault }) => fault === 'cannot be read')) return { kind: 'install', package: operation.package };
    return { kind: 'update', package: operation.package, from };
  });
}

function damageText({ prettyName, version, path }: InstalledDistribution, damages: readonly Damage[]): string {
  const shown = damages.slice(0, 3).map((one) => `${relative(dirname(path), one.path)} ${one.fault}`);
  const more = damages.length > 3 ? `, and ${damages.length - 3} more` : '';
  return `${prettyName} (${version}) is damaged: ${shown.join(', ')}${more}`;
}

function countText(looked: number, damaged: number): string {
  const packages = `${looked} ${looked === 1 ? 'package' : 'packages'} verified`;
  return damaged === 0 ? `${packages}, all as installed` : `${packages}, ${damaged} damaged`;
}

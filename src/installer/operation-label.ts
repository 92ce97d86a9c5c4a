/** Operations as they are shown. */

import type { DirectUrl, InstalledDistribution } from '../environments/installed.ts';
import type { OperationLabel } from '../ground/events.ts';
import type { LockedPackage } from '../lock/lock.ts';
import { absolutePath, nameOf, type Operation, pathOfUrl } from './plan.ts';

/** The label of an operation; relative paths of the lock start from `projectDir`. */
export function operationLabel(operation: Operation, projectDir: string): OperationLabel {
  const name = nameOf(operation);
  switch (operation.kind) {
    case 'install': {
      const version = lockedVersionText(operation.package, projectDir);
      const { skipped } = operation;
      return { kind: 'install', name, version, ...(skipped === undefined ? {} : { skipped }) };
    }
    case 'update':
    case 'downgrade':
      return {
        kind: operation.kind,
        name,
        version: lockedVersionText(operation.package, projectDir),
        from: installedVersionText(operation.from),
      };
    case 'uninstall':
      return { kind: 'uninstall', name, version: installedVersionText(operation.from) };
  }
}

/** `1.0`, and for direct origins where it comes from: `1.0 /abs/path`, `1.0 https://…`, `1.0 abc1234`. */
function lockedVersionText({ version, source }: LockedPackage, projectDir: string): string {
  switch (source?.type) {
    case 'file':
    case 'directory':
      return `${version.text} ${absolutePath(source.url, projectDir)}`;
    case 'url':
      return `${version.text} ${source.url}`;
    case 'git':
      return `${version.text} ${shortCommit(source.resolvedReference ?? source.reference)}`;
    default:
      return version.text;
  }
}

function installedVersionText({ version, directUrl }: InstalledDistribution): string {
  const place = directUrl === undefined ? undefined : placeText(directUrl);
  return place === undefined ? version : `${version} ${place}`;
}

function placeText(direct: DirectUrl): string | undefined {
  if (direct.vcs_info !== undefined) return shortCommit(direct.vcs_info.commit_id);
  return pathOfUrl(direct.url) ?? direct.url;
}

function shortCommit(reference: string | undefined): string {
  return reference?.length === 40 ? reference.slice(0, 7) : (reference ?? 'HEAD');
}

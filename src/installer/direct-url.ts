/**
 * direct_url.json: where a distribution that is from no index came from.
 * https://packaging.python.org/en/latest/specifications/direct-url-data-structure/
 */

import { fileUrl } from '../ground/file-url.ts';
import { pythonJson } from '../ground/python-json.ts';
import type { LockedPackage } from '../lock/lock.ts';
import { absolutePath } from './plan.ts';

export interface DirectUrlInput {
  readonly projectDir: string;
  /** The archive's hash, `sha256:…`, where it was compared with the lock. */
  readonly hash?: string | undefined;
  /** For an editable git package: the folder of its clone. */
  readonly clone?: string | undefined;
}

/** The file's text; undefined for packages of an index. */
export function directUrlText({ source, develop = false }: LockedPackage, input: DirectUrlInput): string | undefined {
  if (source === undefined || source.type === 'legacy') return undefined;
  const subdirectory = source.subdirectory === undefined ? {} : { subdirectory: source.subdirectory };
  switch (source.type) {
    case 'git':
      if (develop && input.clone !== undefined)
        return pythonJson({ url: fileUrl(input.clone), dir_info: { editable: true } });
      return pythonJson({
        url: source.url,
        vcs_info: {
          vcs: 'git',
          requested_revision: source.reference ?? null,
          commit_id: source.resolvedReference ?? null,
        },
        ...subdirectory,
      });
    case 'url':
      return pythonJson({ url: source.url, archive_info: archiveInfo(input.hash) });
    case 'file':
      return pythonJson({
        url: fileUrl(absolutePath(source.url, input.projectDir)),
        archive_info: archiveInfo(input.hash),
      });
    case 'directory':
      return pythonJson({
        url: fileUrl(absolutePath(source.url, input.projectDir)),
        dir_info: develop ? { editable: true } : {},
      });
  }
}

function archiveInfo(hash: string | undefined): Readonly<Record<string, unknown>> {
  if (hash === undefined) return {};
  const [algorithm = '', value = ''] = hash.split(':', 2);
  return { hashes: { [algorithm]: value } };
}

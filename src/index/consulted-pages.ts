/**
 * Which projects' pages a command has read, and what each said: as long as they say the same, whatever was worked out from them
 * holds. Metadata of releases need not be noted, for a page tells the files, and a file never changes.
 */

import type { ProjectName } from '../names/name.ts';

/** A project's page in one source. */
export interface ConsultedPage {
  readonly source: string;
  readonly project: ProjectName;
  /** `ProjectRecord.whole` of the page. */
  readonly print: string;
}

export interface ConsultedPages {
  note(source: string, project: ProjectName, print: string): void;
  /** Something else was read, or could not be had: the pages alone do not tell what comes of it. */
  spoil(): void;
  /** The pages read so far, each once; undefined where these are not all. */
  all(): readonly ConsultedPage[] | undefined;
}

export function createConsultedPages(): ConsultedPages {
  const pages = new Map<string, ConsultedPage>();
  let isWhole = true;
  return {
    note(source, project, print) {
      const key = `${source}\n${project}`;
      const before = pages.get(key);
      // One that has changed meanwhile was used in both states.
      if (before !== undefined && before.print !== print) isWhole = false;
      pages.set(key, { source, project, print });
    },
    spoil() {
      isWhole = false;
    },
    all: () => (isWhole ? [...pages.values()] : undefined),
  };
}

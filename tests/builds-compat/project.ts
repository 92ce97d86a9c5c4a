/** A project of the comparison: its files, and how it is built. */

import { chmodSync, lutimesSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** A text, an executable one, a symbolic link, a file with other bytes, or an empty folder. */
export type Draft =
  | string
  | { readonly executable: string }
  | { readonly link: string }
  | { readonly bytes: readonly number[] }
  | { readonly folder: true };

export interface Project {
  readonly name: string;
  /** By path. */
  readonly files: Readonly<Record<string, Draft>>;
  /** A git work tree from the folder at this path (`.` for the project's own). Default: none. */
  readonly git?: string;
  /** The project's folder below the files. Default: `.`. */
  readonly folder?: string;
  /** Arguments of `build`. Default: none. */
  readonly args?: readonly string[];
  /** Built by another backend or by a script, which need not do the same twice. Default: false. */
  readonly isolated?: boolean;
  readonly env?: Readonly<Record<string, string>>;
}

/** When every file was made: seconds since 1970. */
const LAID = 1_700_000_000;

/** Writes the files below a folder and answers with the project's own. */
export function lay(project: Project, folder: string): string {
  for (const [path, draft] of Object.entries(project.files)) {
    const file = join(folder, path);
    mkdirSync(dirname(file), { recursive: true });
    if (typeof draft === 'string') writeFileSync(file, draft);
    else if ('folder' in draft) mkdirSync(file);
    else if ('link' in draft) symlinkSync(draft.link, file);
    else if ('bytes' in draft) writeFileSync(file, Uint8Array.from(draft.bytes));
    else {
      writeFileSync(file, draft.executable);
      chmodSync(file, 0o755);
    }
    // Older backends write it into archives.
    lutimesSync(file, LAID, LAID);
  }
  if (project.git !== undefined) Bun.spawnSync(['git', 'init', '-q'], { cwd: join(folder, project.git) });
  return join(folder, project.folder ?? '.');
}

const BACKEND = `
[build-system]
requires = ["poetry-core>=2.0.0"]
build-backend = "poetry.core.masonry.api"
`;

/** A `[project]` table with these lines, and what follows it. */
export function standard(lines: string, more = ''): string {
  return `[project]\nname = "demo"\nversion = "0.1.0"\ndescription = "A demo"\n${lines}\n${more}${BACKEND}`;
}

/** A `[tool.poetry]` table with these lines, and what follows it. */
export function classic(lines: string, more = ''): string {
  const head = '[tool.poetry]\nname = "demo"\nversion = "0.1.0"\ndescription = "A demo"\n';
  return `${head}authors = ["Ada Lovelace <ada@example.com>"]\n${lines}\n${more}${BACKEND}`;
}

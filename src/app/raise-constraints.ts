/** `up` and `update --latest`: constraints in `pyproject.toml` are raised, then everything is updated; the files are written last. */

import { TercetError } from '../ground/error.ts';
import {
  mayRaise,
  type RaiseOptions,
  raisedConstraint,
  type WrittenConstraint,
  withConstraintAt,
  writtenConstraints,
} from '../manifest/raise.ts';
import { groupName, projectName } from '../names/name.ts';
import { bestVersion } from './best-version.ts';
import { applyChange } from './change.ts';
import type { Context, Project } from './context.ts';
import { type GroupOptions, selectGroups } from './selection.ts';

export interface RaiseConstraintsOptions extends RaiseOptions {
  /** Only these; none: all. */
  readonly names: readonly string[];
  readonly groups: GroupOptions;
  readonly exclude: readonly string[];
  /** Ask about each one. */
  readonly interactive: boolean;
  /** With `dryRun`: print the new pyproject.toml and do no more, as `poetry up` does. */
  readonly print: boolean;
  readonly dryRun: boolean;
  readonly lockOnly: boolean;
  readonly sync: boolean;
}

/** Answers with the exit code. Throws `usage` for options that need `--latest`. */
export async function raiseConstraints(context: Context, options: RaiseConstraintsOptions): Promise<number> {
  checkOptions(options);
  const project = await context.project();
  const { groups, warnings } = selectGroups(project.manifest, options.groups);
  for (const text of warnings) context.emit({ kind: 'warning', text });
  const written = writtenConstraints(project.text);
  const unknown = options.names.filter((name) => !written.some((one) => one.name === projectName(name)));
  if (unknown.length > 0) {
    const text = `The following packages are not dependencies of this project: ${unknown.join(', ')}`;
    context.emit({ kind: 'notice', text });
    return 1;
  }
  const wanted = new Set(options.names.map(projectName));
  const excluded = new Set(options.exclude.map(projectName));
  const chosen = written.filter(
    (one) =>
      groups.includes(groupName(one.group)) &&
      (wanted.size === 0 || wanted.has(one.name)) &&
      !excluded.has(one.name) &&
      mayRaise(one, options),
  );
  const possible = await raisedOf(context, project, chosen, options);
  const raised = options.interactive && context.interactive ? await wantedOf(context, possible) : possible;
  let manifestText = project.text;
  for (const { written: one, constraint } of raised) {
    manifestText = withConstraintAt(manifestText, one, constraint);
    if (!(options.dryRun && options.print)) {
      context.emit({ kind: 'line', text: `Raising ${one.prettyName} from ${one.constraint} to ${constraint}` });
    }
  }
  if (options.dryRun && options.print) {
    context.emit({ kind: 'line', text: manifestText });
    return 0;
  }
  return applyChange(context, {
    ...(manifestText === project.text ? {} : { manifestText }),
    update: wanted.size === 0 ? 'all' : wanted,
    groups,
    sync: options.sync,
    dryRun: options.dryRun,
    lockOnly: options.lockOnly,
  });
}

function checkOptions({ latest, pinned, exclude, preserveWildcard }: RaiseConstraintsOptions): void {
  if (latest) return;
  for (const [given, name] of [
    [pinned, 'pinned'],
    [exclude.length > 0, 'exclude'],
    [preserveWildcard, 'preserve-wildcard'],
  ] as const) {
    if (given) throw new TercetError('usage', `'--${name}' specified without '--latest'`);
  }
}

interface Raised {
  readonly written: WrittenConstraint;
  readonly constraint: string;
}

/** Those of them that the person at the terminal wants. */
async function wantedOf(context: Context, possible: readonly Raised[]): Promise<readonly Raised[]> {
  if (possible.length === 0) return [];
  const items = possible.map(
    ({ written, constraint }) => `Raise ${written.prettyName} from ${written.constraint} to ${constraint}`,
  );
  const wanted = await context.ask.select('Which constraints are to be raised?', items);
  return possible.filter((_, at) => wanted.has(at));
}

/** The newest release for each, asked for at the same time; one that supports the project's whole Python range where there is one. */
async function raisedOf(
  context: Context,
  { manifest }: Project,
  chosen: readonly WrittenConstraint[],
  { latest }: RaiseConstraintsOptions,
): Promise<Raised[]> {
  const { client: index } = await context.index(manifest.sources);
  const found = await Promise.all(
    chosen.map(async (written): Promise<Raised | undefined> => {
      const requirement = manifest.groups
        .flatMap((group) => group.requirements)
        .find((one) => one.name === written.name && one.origin.kind === 'index');
      if (requirement === undefined) return undefined;
      try {
        const version = await bestVersion(index, written.name, {
          constraint: latest ? undefined : written.constraint,
          allowPrereleases: requirement.allowPrereleases,
          source: requirement.source,
          python: manifest.python,
        });
        const constraint = raisedConstraint(written, version, latest);
        return constraint === undefined ? undefined : { written, constraint };
      } catch (error) {
        if (!(error instanceof TercetError) || error.code !== 'no-version') throw error;
        context.emit({ kind: 'line', text: `No new version for '${written.prettyName}'` });
        return undefined;
      }
    }),
  );
  return found.filter((one) => one !== undefined);
}

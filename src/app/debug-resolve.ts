/** `debug resolve`: what a lock would hold, of the project or of packages named ad hoc. Nothing is written. */

import { compareCodePoints } from '../ground/code-points.ts';
import type { Event } from '../ground/events.ts';
import type { Lock, LockedPackage } from '../lock/lock.ts';
import { addRequirements } from '../manifest/edit.ts';
import { putSource, writtenSources } from '../manifest/edit-sources.ts';
import type { Manifest } from '../manifest/manifest.ts';
import { readManifest } from '../manifest/read.ts';
import { setKey } from '../toml/edit.ts';
import { tableAt } from '../toml/read.ts';
import { settle } from './add.ts';
import type { Context } from './context.ts';
import { lockProject } from './lock.ts';

export interface DebugResolveOptions {
  /** As after `add`; none: what the project requires. */
  readonly packages: readonly string[];
  readonly extras: readonly string[];
  /** Default: the project's Python range. */
  readonly python: string | undefined;
}

export interface DebugResolution {
  readonly lock: Lock;
  readonly manifest: Manifest;
  /** Deepest in the graph first, then by name. */
  readonly ordered: readonly LockedPackage[];
}

/** Throws what `lock` throws. */
export async function debugResolve(context: Context, options: DebugResolveOptions): Promise<DebugResolution> {
  const manifestText = await manifestFor(context, options);
  const manifest = readManifest(manifestText);
  const { client: index } = await context.index(manifest.sources);
  const readText = async (): Promise<undefined> => undefined;
  const { lock } = await lockProject({ index, emit: context.emit, readText, manifestText });
  const ordered = lock.packages.toSorted(
    (a, b) => (b.depth ?? 0) - (a.depth ?? 0) || compareCodePoints(a.name, b.name),
  );
  return { lock, manifest, ordered };
}

async function manifestFor(context: Context, { packages, extras, python }: DebugResolveOptions): Promise<string> {
  const project = await context.project();
  const { manifest } = project;
  if (packages.length === 0) return python === undefined ? project.text : withPython(project.text, manifest, python);

  const silent: Context = {
    ...context,
    emit: (event: Event) => (event.kind === 'line' ? undefined : context.emit(event)),
  };
  const wishes = await settle(silent, project, packages, { allowPrereleases: false, source: undefined });
  const asked = extras.flatMap((value) => value.split(/\s+/)).filter((one) => one !== '');
  const name = { name: manifest.prettyName ?? 'non-package-mode', version: manifest.version ?? '0' };
  let text = setKey('[tool.poetry]\n', ['tool', 'poetry', 'name'], name.name);
  text = setKey(text, ['tool', 'poetry', 'version'], name.version);
  text = setKey(text, ['tool', 'poetry', 'dependencies', 'python'], python ?? manifest.pythonVersions);
  const additions = wishes.map((one) => ({
    name: one.name,
    wish: asked.length > 0 ? { ...one.table, extras: asked } : { ...one.table },
  }));
  text = addRequirements(text, additions);
  return writtenSources(manifest.toml).reduce(putSource, text);
}

/** The project's text with another Python range. */
function withPython(text: string, { toml }: Manifest, python: string): string {
  const standard = tableAt(toml, 'project') === undefined ? text : setKey(text, ['project', 'requires-python'], python);
  const poetry = tableAt(toml, 'tool', 'poetry', 'dependencies');
  return poetry?.python === undefined
    ? standard
    : setKey(standard, ['tool', 'poetry', 'dependencies', 'python'], python);
}

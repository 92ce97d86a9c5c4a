/** The `setup.py` that `generate-setup-file = true` asks for, for tools that know no `pyproject.toml`, and for build scripts. */

import { readdirSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { textRepr } from '../ground/python-repr.ts';
import { formatRequirement } from '../requirements/pep508.ts';
import { comparePaths, isFolder, posix, relativeTo } from './_paths.ts';
import { type PythonValue, pformat } from './_pformat.ts';
import { entryPointLines } from './entry-points.ts';
import { type CoreFields, declaredRequirements } from './metadata.ts';
import type { FoundPackage } from './packages.ts';
import { scriptFiles } from './script-files.ts';
import type { IsExcluded } from './select-files.ts';
import { type BuildSource, buildScript } from './source.ts';

export interface SetupParts {
  readonly packages: readonly FoundPackage[];
  readonly isExcluded: IsExcluded;
  readonly metadata: CoreFields;
}

/** The file's text. */
export function setupFile(source: BuildSource, { packages, isExcluded, metadata }: SetupParts): string {
  const { manifest, projectDir } = source;
  const before: string[] = [];
  const extra: string[] = [];
  const assign = (name: string, argument: string, value: PythonValue): void => {
    if (Object.keys(value).length === 0) return;
    before.push(`${name} = \\\n${pformat(value)}${name === 'modules' ? '' : '\n'}`);
    extra.push(`'${argument}': ${name},`);
  };
  const found = setuptoolsPackages(projectDir, packages, isExcluded);
  assign('package_dir', 'package_dir', found.folders);
  assign('packages', 'packages', [...found.packages].sort());
  assign('package_data', 'package_data', found.data);
  assign('modules', 'py_modules', found.modules);
  const { main, extras } = requirementLists(source);
  assign('install_requires', 'install_requires', [...main].sort());
  assign('extras_require', 'extras_require', extras);
  assign('entry_points', 'entry_points', Object.fromEntries(entryPointLines(manifest)));
  assign('scripts', 'scripts', scriptFiles(source));
  if (metadata.requiresPython) extra.push(`'python_requires': ${textRepr(metadata.requiresPython)},`);
  const script = buildScript(manifest)?.script;
  const module = script?.replace(/\.[^./]+$/, '').replaceAll('/', '.');
  const after = module === undefined ? '' : `from ${module} import *\nbuild(setup_kwargs)`;
  return `# -*- coding: utf-8 -*-
from setuptools import setup

${before.join('\n')}
setup_kwargs = {
    'name': ${textRepr(metadata.name)},
    'version': ${textRepr(metadata.version)},
    'description': ${textRepr(metadata.summary)},
    'long_description': ${orNone(metadata.description)},
    'author': ${orNone(metadata.author?.name)},
    'author_email': ${orNone(metadata.author?.email)},
    'maintainer': ${orNone(metadata.maintainer?.name)},
    'maintainer_email': ${orNone(metadata.maintainer?.email)},
    'url': ${orNone(metadata.homePage)},
    ${extra.join('\n    ')}
}
${after}

setup(**setup_kwargs)
`;
}

/** Poetry writes the text `None` where there is nothing. */
function orNone(text: string | undefined): string {
  return textRepr(text ?? 'None');
}

interface SetuptoolsPackages {
  readonly folders: Readonly<Record<string, string>>;
  readonly packages: readonly string[];
  readonly data: Readonly<Record<string, readonly string[]>>;
  readonly modules: readonly string[];
}

function setuptoolsPackages(
  projectDir: string,
  packages: readonly FoundPackage[],
  isExcluded: IsExcluded,
): SetuptoolsPackages {
  const folders: Record<string, string> = {};
  const names: string[] = [];
  const data: Record<string, readonly string[]> = {};
  const modules: string[] = [];
  for (const one of packages) {
    const from = one.written.from === undefined ? undefined : posix(relative(projectDir, one.base)) || '.';
    if (one.kind === 'module') {
      if (from !== undefined) folders[''] = from;
      if (!modules.includes(one.name)) modules.push(one.name);
      continue;
    }
    const contents = packageContents(projectDir, one, isExcluded);
    if (from !== undefined) {
      if (folders[''] === undefined) folders[''] = from;
      else for (const name of contents.packages) folders[name] = posix(join(from, name.replaceAll('.', '/')));
    }
    names.push(...contents.packages.filter((name) => !names.includes(name)));
    Object.assign(data, contents.data);
  }
  return { folders, packages: names, data, modules };
}

/** The packages below one, and the files beside their modules as `package_data` names them. */
function packageContents(
  projectDir: string,
  { name, elements }: FoundPackage,
  isExcluded: IsExcluded,
): Pick<SetuptoolsPackages, 'packages' | 'data'> {
  const top = dirname(elements[0] ?? '');
  const packages = [name];
  const data = new Map<string, string[]>([['', ['*']]]);
  const below = new Set<string>();
  const isKept = (path: string): boolean => !isExcluded(relativeTo(projectDir, path));
  const visit = (folder: string): void => {
    const entries = readdirSync(folder, { withFileTypes: true });
    const files = entries.filter((entry) => !isFolder(join(folder, entry.name))).map((entry) => entry.name);
    const place = posix(relative(top, folder));
    if (place !== '' && basename(folder) !== '__pycache__') {
      if (files.some((file) => file.endsWith('.py') && isKept(join(folder, file)))) {
        below.add(place);
        packages.push([name, ...place.split('/')].join('.'));
      } else {
        const kept = files.filter((file) => isKept(join(folder, file)));
        const [owner, rest] = nearestPackage(name, place, below);
        const lines = kept.length === files.length ? ['*'] : kept;
        if (kept.length > 0) {
          data.set(owner, [...(data.get(owner) ?? []), ...lines.map((line) => `${rest}/${line}`)]);
        }
      }
    }
    for (const entry of entries) if (entry.isDirectory()) visit(join(folder, entry.name));
  };
  visit(top);
  return {
    packages: packages.sort(comparePaths),
    data: Object.fromEntries([...data].map(([owner, lines]) => [owner, lines.sort()])),
  };
}

/** The innermost package above a folder, and the folder as that package sees it. */
function nearestPackage(name: string, place: string, packages: ReadonlySet<string>): readonly [string, string] {
  const parts = place.split('/');
  for (let length = parts.length - 1; length > 0; length--) {
    if (packages.has(parts.slice(0, length).join('/'))) {
      return [[name, ...parts.slice(0, length)].join('.'), parts.slice(length).join('/')];
    }
  }
  return [name, place];
}

/** Requirements as setuptools has them: conditions are extras without a name, `:python_version < "3"`. */
function requirementLists({ manifest, projectDir }: BuildSource): {
  readonly main: readonly string[];
  readonly extras: Readonly<Record<string, readonly string[]>>;
} {
  const main: string[] = [];
  const extras: Record<string, string[]> = {};
  const put = (extra: string, text: string): void => {
    const [requirement = '', condition] = text.split(';').map((part) => part.trim());
    const plain = requirement.replace(/^(.+) \((.+)\)$/, '$1$2');
    if (condition === undefined && extra === '') main.push(plain);
    else {
      const key = condition === undefined ? extra : `${extra}:${condition}`;
      extras[key] = [...(extras[key] ?? []), plain];
    }
  };
  for (const requirement of declaredRequirements(manifest)) {
    if (!requirement.optional) {
      put('', formatRequirement(requirement, { base: projectDir }));
      continue;
    }
    for (const [extra, members] of manifest.extras) {
      for (const member of members) {
        if (member.name !== requirement.name) continue;
        put(extra, formatRequirement(requirement, { base: projectDir, extras: false }));
      }
    }
  }
  return { main, extras };
}

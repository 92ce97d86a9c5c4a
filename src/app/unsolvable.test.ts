import { describe, expect, test } from 'bun:test';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { TercetError } from '../ground/error.ts';
import { projectName } from '../names/name.ts';
import { errorText } from '../render/error-text.ts';
import { noColours } from '../render/style.ts';
import { parseRequirement } from '../requirements/pep508.ts';
import { answerFrom, project, type SearchOptions, type Universe } from '../resolver/_universe.ts';
import type { Question, ReleaseMetadata } from '../resolver/question.ts';
import { parseVersion } from '../versions/version.ts';
import type { Answers } from './answer.ts';
import { type LockRequest, lockProject } from './lock.ts';

/**
 * A project that cannot be locked, and the part of the index that matters for it: real releases with their real metadata, of
 * which requirements on projects that play no part were left out.
 */
interface Recorded {
  readonly pyproject: readonly string[];
  /** What the index knows to be near a name. */
  readonly near?: Readonly<Record<string, readonly string[]>>;
  readonly universe: Universe;
}

interface World extends Pick<Recorded, 'near' | 'universe'> {
  readonly origins?: SearchOptions['origins'];
}

function request(text: string, { universe, near = {}, origins }: World, more: Partial<LockRequest> = {}): LockRequest {
  const reply = async (question: Question) => answerFrom(universe, question, origins);
  const unavailable = { kind: 'not-found' } as const;
  const index: Answers & Pick<LockRequest['index'], 'search'> = {
    async versions(name, source) {
      const answer = await reply({ kind: 'versions', project: name, source });
      return answer.kind === 'versions' ? answer.releases : unavailable;
    },
    async metadata(name, version, source) {
      const answer = await reply({ kind: 'metadata', project: name, version, source });
      return answer.kind === 'metadata' ? answer.metadata : unavailable;
    },
    lockedFiles: async () => [],
    async origin(name, origin) {
      const answer = await reply({ kind: 'origin', project: name, origin });
      return answer.kind === 'metadata' ? answer.metadata : unavailable;
    },
    search: async (name) => (near[name] ?? []).map(projectName),
  };
  return {
    index,
    emit: () => {},
    readText: async (file) => (file === 'pyproject.toml' ? text : undefined),
    ...more,
  };
}

async function failureOf(text: string, world: World, more: Partial<LockRequest> = {}): Promise<TercetError> {
  try {
    await lockProject(request(text, world, more));
  } catch (error) {
    if (error instanceof TercetError) return error;
    throw error;
  }
  throw new Error('it locks');
}

const shown = (error: TercetError) => errorText(error, { verbosity: 0, paint: noColours }).trimStart();

interface Proposal {
  readonly kind: 'edit' | 'command';
  readonly line?: number;
  readonly text: string;
}

/** The file as somebody has it who does what is proposed: the wish on that line is replaced. */
function edited(text: string, proposals: readonly Proposal[]): string {
  const lines = text.split('\n');
  for (const { line, text: wanted } of proposals) {
    const at = (line ?? 0) - 1;
    const now = lines[at] ?? '';
    const name = /^["']?([\w.-]+)/.exec(wanted)?.[1] ?? '';
    lines[at] =
      wanted === ''
        ? ''
        : now.trimStart().startsWith(name)
          ? wanted
          : now.includes(`"${name}`)
            ? now.replace(new RegExp(`"${name}[^"]*"`), wanted)
            : now.replace(/"[^"]*"/, wanted);
  }
  return lines.join('\n');
}

const FOLDER = join(import.meta.dir, 'fixtures', 'unsolvable');
const CASES = readdirSync(FOLDER).flatMap((file) => (file.endsWith('.json') ? [file.slice(0, -5)] : []));

describe('recorded projects', () => {
  test.each(CASES)('%s', async (name) => {
    const recorded: Recorded = JSON.parse(readFileSync(join(FOLDER, `${name}.json`), 'utf8'));
    const text = `${recorded.pyproject.join('\n')}\n`;
    const error = await failureOf(text, recorded);
    expect(`${shown(error)}\n`).toBe(readFileSync(join(FOLDER, `${name}.txt`), 'utf8'));
    expect(error).toMatchObject({ code: 'unsolvable', exitCode: 1 });
    expect(error.message).toEndWith('version solving failed.');
    expect(shown(error).split('\n').length).toBeLessThanOrEqual(25);
    const rows = error.detail.proposals as readonly (readonly Proposal[])[];
    expect(rows.length).toBeGreaterThan(0);
    for (const row of rows) {
      const { lock } = await lockProject(request(edited(text, row), recorded));
      expect(lock.packages.length).toBeGreaterThan(0);
    }
  });
});

function metadata(name: string, requires: readonly string[], more: Partial<ReleaseMetadata> = {}): ReleaseMetadata {
  return {
    prettyName: name,
    version: parseVersion('1.0'),
    summary: '',
    requiresPython: '*',
    requirements: requires.map((text) => parseRequirement(text)),
    files: [],
    yanked: false,
    ...more,
  };
}

const proposed = ({ detail }: TercetError) =>
  (detail.proposals as readonly (readonly Proposal[])[]).map((row) => row.map(({ text }) => text).join(' + '));

describe('what else may help', () => {
  const universe: Universe = {
    c: { '1.0': [], '2.0': [] },
    tool: { '1.0': ['c<2'], '2.0': ['c>=2'], '3.0': { requires: ['c>=2'], python: '>=3.12' } },
  };

  test('a folder that asks for something else', async () => {
    const origins = { '../lib': metadata('lib', ['c<2'], { lockedSource: { type: 'directory', url: '../lib' } }) };
    const text =
      '[tool.poetry]\npackage-mode = false\n\n[tool.poetry.dependencies]\npython = "^3.9"\nc = "^2"\nlib = {path = "../lib"}\n';
    const error = await failureOf(text, { universe, origins });
    expect(error.message).toContain('  - lib (1.0) requires c (<2)');
    expect(proposed(error)).toEqual(['c = "^1"', '']);
  });

  test('what is locked is preferred, and so never in the way: a newer commit is taken', async () => {
    const git = 'https://git.example/lib.git';
    const manifest = (wish: string) => project([wish, `lib @ git+${git}@main`]);
    const at = (commit: string, requires: readonly string[]) => ({
      [git]: metadata('lib', requires, {
        lockedSource: { type: 'git', url: git, reference: 'main', resolvedReference: commit },
      }),
    });
    const old = { universe, origins: at('a'.repeat(40), ['c<2']) };
    const { lockText } = await lockProject(request(manifest('c'), old));
    const now = { universe, origins: at('b'.repeat(40), ['c>=2']) };
    const readText = async (file: string) => (file === 'poetry.lock' ? lockText : manifest('c>=2'));
    const { lock } = await lockProject(request(manifest('c>=2'), now, { readText }));
    const lib = lock.packages.find(({ name }) => name === projectName('lib'));
    expect(lib?.source?.resolvedReference).toBe('b'.repeat(40));
  });

  test('a source that does not have the project', async () => {
    const rest = `
[tool.poetry.dependencies]
c = {source = "torch"}

[[tool.poetry.source]]
name = "torch"
url = "https://index.example/simple/"
priority = "explicit"
`;
    const error = await failureOf(project(['c>=2'], rest), { universe });
    expect(error.message).toContain('  10 | c = {source = "torch"}  [tool.poetry.dependencies]');
    expect(proposed(error)).toEqual(['', '']);
  });

  test('a project that is only at a source which has to be named', async () => {
    const rest =
      '[[tool.poetry.source]]\nname = "torch"\nurl = "https://index.example/simple/"\npriority = "explicit"\n';
    const there: Universe = { ...universe, wheels: { '1.0': { source: 'torch' } } };
    const error = await failureOf(project(['wheels'], rest), { universe: there });
    expect(error.hints).toContain(
      'This was tried, and makes it lock:\n  + | wheels = {source = "torch"}  (in [tool.poetry.dependencies])',
    );
  });

  test('an extra that asks for too much', async () => {
    const extras: Universe = { c: { '1.0': [], '2.0': [] }, big: { '1.0': ["c<2; extra == 'old'"] } };
    const error = await failureOf(project(['big[old]', 'c==2.0']), { universe: extras });
    expect(proposed(error)).toEqual(['"c==1.0"', '"big"']);
  });

  test('what is being added: another version of it, as the command to run', async () => {
    const readText = async (file: string) => (file === 'pyproject.toml' ? project(['c<2']) : undefined);
    const manifestText = project(['c<2', 'tool (>=2.0,<3.0)']);
    const error = await failureOf(manifestText, { universe }, { readText, manifestText });
    expect(error.message).toContain('  6 | "c<2"                [project.dependencies]\n  + | "tool (>=2.0,<3.0)"');
    expect(error.hints[0]).toContain('`tercet add tool@^1.0`');
  });

  test('extras that exclude each other: where they stand, and what would fit', async () => {
    const rest = '[project.optional-dependencies]\nold = ["c<2"]\nnew = ["c>=2"]\n';
    const error = await failureOf(project(['tool'], rest), { universe });
    expect(shown(error)).toBe(`Incompatible constraints in requirements of root (1):
c (<2) ; extra == "old"
c (>=2) ; extra == "new"

In pyproject.toml:
   9 | "c<2"   [project.optional-dependencies.old]
  10 | "c>=2"  [project.optional-dependencies.new]

hint: This was tried, and makes it lock:
  9 | "c<3"  (c 2.0)`);
  });

  test('a project that requires its own name', async () => {
    const error = await failureOf(project(['root>=2']), { universe });
    expect(
      error.message,
    ).toBe(`The project is named root, and requires another version of root: one of the two has to go.

In pyproject.toml:
  6 | "root>=2"  [project.dependencies]

Because root depends on itself, version solving failed.`);
    expect(error.hints[0]).toContain('6 | (without this line)');
  });

  test('the proof is shown with -v', async () => {
    const error = await failureOf(project(['tool', 'c<1']), { universe });
    const verbose = errorText(error, { verbosity: 1, paint: noColours });
    expect(verbose).toContain((error.detail.proof as readonly string[]).join('\n'));
  });
});

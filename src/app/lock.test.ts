import { describe, expect, test } from 'bun:test';
import type { Event } from '../ground/events.ts';
import type { Lock } from '../lock/lock.ts';
import { projectName } from '../names/name.ts';
import { answerFrom, project, type Universe } from '../resolver/_universe.ts';
import type { Question } from '../resolver/question.ts';
import type { Answers } from './answer.ts';
import { type LockRequest, lockProject } from './lock.ts';

const UNIVERSE: Universe = {
  app: { '1.0': ['lib>=1', "win; sys_platform == 'win32'"], '1.1': ['lib>=2', 'gone'] },
  lib: { '1.0': [], '1.5': ['deep'], '2.0': ['deep>=2'] },
  deep: { '1.0': [], '1.9': [], '2.0': ['lib<2'] },
  win: { '0.1': ['deep'] },
  yank: { '1.0': { yanked: true } },
};

/** An index that answers after as many turns of the event loop as `delay` says. */
function index(
  universe: Universe,
  delay: (question: Question) => number = () => 0,
): Answers & { readonly asked: string[] } {
  const asked: string[] = [];
  const reply = async (question: Exclude<Question, { kind: 'prefetch' | 'files' }>) => {
    asked.push(`${question.kind} ${question.project}`);
    for (let turn = delay(question); turn > 0; turn -= 1) await Promise.resolve();
    return answerFrom(universe, question);
  };
  return {
    asked,
    async versions(name, source) {
      const answer = await reply({ kind: 'versions', project: name, source });
      return answer.kind === 'versions' ? answer.releases : { kind: 'not-found' };
    },
    async metadata(name, version, source) {
      const answer = await reply({ kind: 'metadata', project: name, version, source });
      return answer.kind === 'metadata' ? answer.metadata : { kind: 'not-found' };
    },
    async lockedFiles() {
      return [];
    },
    async origin() {
      return { kind: 'not-found' };
    },
  };
}

function request(manifest: string, more: Partial<LockRequest> & { readonly lock?: string } = {}) {
  const events: Event[] = [];
  const { lock, ...rest } = more;
  return {
    events,
    request: {
      readText: (file: string) => Promise.resolve(file === 'pyproject.toml' ? manifest : lock),
      emit: (event: Event) => events.push(event),
      index: index(UNIVERSE),
      ...rest,
    } satisfies LockRequest,
  };
}

describe('lockProject', () => {
  const manifest = project(['app', 'lib']);

  test('the order in which answers arrive changes nothing, and each question is asked once', async () => {
    const expected = (await lockProject(request(manifest).request)).lockText;
    for (let seed = 1; seed <= 20; seed += 1) {
      let state = seed;
      const slow = index(UNIVERSE, () => {
        state = (state * 1103515245 + 12345) % 2147483648;
        return state % 40;
      });
      const { lockText } = await lockProject(request(manifest, { index: slow }).request);
      expect(lockText).toBe(expected);
      const versions = slow.asked.filter((one) => one.startsWith('versions'));
      expect(new Set(versions).size).toBe(versions.length);
    }
  });

  test('the order in which answers arrive changes nothing of twins, of which the one that is read first is shown for both', async () => {
    // Each round has a platform of its own: what was read stays so while the process lives.
    const locked = async (round: number, delay: (question: Question) => number): Promise<string> => {
      const platform = `round${round}`;
      const universe: Universe = {
        birch: { '1': [`yew; '${platform}' not in sys_platform`] },
        elm: { '1': [`yew<4; os_name == 'posix' and sys_platform not in '${platform}'`] },
        yew: { '1': [] },
      };
      const wishes = project(['birch', 'elm']);
      const { lockText } = await lockProject(request(wishes, { index: index(universe, delay) }).request);
      return lockText.replaceAll(platform, 'round').replace(/content-hash = .*/, '');
    };
    const expected = await locked(0, () => 0);
    expect(expected).toContain(`not in`);
    for (let round = 1; round <= 20; round += 1) {
      const last = round % 2 === 0 ? 'birch' : 'elm';
      expect(await locked(round, ({ kind, ...rest }) => (JSON.stringify(rest).includes(last) ? round : 0))).toBe(
        expected,
      );
    }
  });

  test('what is at hand is not waited for, and nothing is fetched early until something is missing', async () => {
    const expected = (await lockProject(request(manifest).request)).lockText;
    const knowing = (knows: (question: string) => boolean) => {
      const source = index(UNIVERSE);
      const hand = (question: Question & { readonly kind: 'versions' | 'metadata' }) =>
        knows(`${question.kind} ${question.project}`) ? answerFrom(UNIVERSE, question) : undefined;
      const atHand: NonNullable<Answers['atHand']> = {
        versions(name, from) {
          const answer = hand({ kind: 'versions', project: name, source: from });
          if (answer === undefined) return undefined;
          return answer.kind === 'versions' ? answer.releases : { kind: 'not-found' };
        },
        metadata(name, version, from) {
          const answer = hand({ kind: 'metadata', project: name, version, source: from });
          if (answer === undefined) return undefined;
          return answer.kind === 'metadata' ? answer.metadata : { kind: 'not-found' };
        },
        lockedFiles: (name) => (knows(`files ${name}`) ? [] : undefined),
      };
      return { ...source, atHand };
    };
    const all = knowing(() => true);
    expect((await lockProject(request(manifest, { index: all }).request)).lockText).toBe(expected);
    expect(all.asked).toEqual([]);
    const most = knowing((question) => question !== 'metadata deep');
    expect((await lockProject(request(manifest, { index: most }).request)).lockText).toBe(expected);
    expect(most.asked).toContain('metadata deep');
    const none = knowing(() => false);
    expect((await lockProject(request(manifest, { index: none }).request)).lockText).toBe(expected);
  });

  test('what is said already is not written again', async () => {
    const first = await lockProject(request(manifest).request);
    expect(first.changed).toBe(true);
    const again = await lockProject(request(manifest, { lock: first.lockText }).request);
    expect(again.changed).toBe(false);
    expect(again.previous?.packages.length).toBe(first.lock.packages.length);
  });

  test('line ends stay as they were', async () => {
    const first = await lockProject(request(manifest).request);
    const crlf = first.lockText.replaceAll('\n', '\r\n');
    const { lockText, changed } = await lockProject(request(project(['lib']), { lock: crlf }).request);
    expect(changed).toBe(true);
    expect(lockText.split('\r\n').length).toBe(lockText.split('\n').length);
  });

  test('a lock that cannot be read is an error, unless it is made anew', async () => {
    const broken = { lock: 'not = [toml' };
    await expect(lockProject(request(manifest, broken).request)).rejects.toThrow('Unable to read the lock file');
    const { changed } = await lockProject(request(manifest, { ...broken, regenerate: true }).request);
    expect(changed).toBe(true);
  });

  test('a locked release that is gone: the update that gets past it is proposed', async () => {
    const { lockText } = await lockProject(request(project(['deep<2', 'lib<1.5'])).request);
    const left = index({ ...UNIVERSE, deep: { '1.0': [], '2.0': ['lib<2'] } });
    const { request: gone } = request(project(['deep', 'lib']), { lock: lockText, index: left });
    await expect(lockProject(gone)).rejects.toMatchObject({
      message: 'Package deep (1.9) not found.',
      hints: ['The index no longer has what is locked. `tercet update deep` takes another release.'],
    });
  });

  test('updating one project leaves the others', async () => {
    const versions = ({ lock }: { readonly lock: Lock }) =>
      lock.packages.map(({ name, version }) => `${name} ${version.text}`).sort();
    const pinned = await lockProject(request(project(['deep<2', 'lib<1.5'])).request);
    const wide = project(['deep', 'lib']);
    const kept = await lockProject(request(wide, { lock: pinned.lockText }).request);
    expect(versions(kept)).toEqual(['deep 1.9', 'lib 1.0']);
    const update = new Set([projectName('lib')]);
    const updated = await lockProject(request(wide, { lock: pinned.lockText, update }).request);
    expect(versions(updated)).toEqual(['deep 1.9', 'lib 1.5']);
  });

  test('a failure says where the wishes stand', async () => {
    const { request: failing } = request(project(['lib>=9']));
    const near = { ...failing.index, search: async () => [projectName('lib'), projectName('libs')] };
    await expect(lockProject({ ...failing, index: near })).rejects.toMatchObject({
      code: 'unsolvable',
      message: `No release of lib fits >=9; the newest is 2.0.

In pyproject.toml:
  6 | "lib>=9"  [project.dependencies]

Because root depends on lib (>=9) which doesn't match any versions, version solving failed.`,
      hints: ['This was tried, and makes it lock:\n  6 | "lib>=1"  (lib 1.5)'],
    });
    await expect(lockProject({ ...failing, index: near, manifestText: project(['lipp']) })).rejects.toMatchObject({
      hints: ['Did you mean `lib` or `libs` instead of `lipp`?', 'This was tried, and makes it lock:\n  + | "lib"'],
    });
  });

  test('a range of Pythons that holds none is told as such', async () => {
    const text = '[project]\nname = "me"\nversion = "1"\nrequires-python = ">=3.9,<3"\ndependencies = ["deep"]\n';
    await expect(lockProject(request(text).request)).rejects.toThrow(
      "The project's Python range (>=3.9,<3) holds no version of Python",
    );
  });

  test('a yanked release is warned of', async () => {
    const { request: yanked, events } = request(project(['yank==1.0']));
    await lockProject(yanked);
    expect(events.filter(({ kind }) => kind === 'warning')).toEqual([
      { kind: 'warning', text: 'Warning: The locked version 1.0 for yank is a yanked version.' },
    ]);
    expect(events.map(({ kind }) => kind)).toContain('resolve-finished');
  });

  test('a lock that leaves something out: Poetry’s with a warning, or mended where the project asks for that', async () => {
    const extras = '[project.optional-dependencies]\nx = ["lib<1.5"]\n';
    const wishes = ["lib<1.5; sys_platform == 'win32'"];
    const plain = request(project(wishes, extras));
    const { lockText } = await lockProject(plain.request);
    expect(lockText).toContain('markers = "extra == \\"x\\""');
    expect(plain.events.filter(({ kind }) => kind === 'warning')).toEqual([
      {
        kind: 'warning',
        text: 'Warning: The project requires lib (<1.5), and the lock leaves it out with Python 3.9.0 on win32 (CPython), for the group main.',
      },
      {
        kind: 'warning',
        text: 'Poetry writes the same lock. With `repair-lock = true` in [tool.tercet] such requirements are met wherever that can be done.',
      },
    ]);
    const asked = request(project(wishes, `${extras}[tool.tercet]\nrepair-lock = true\n`));
    const { lockText: repaired } = await lockProject(asked.request);
    expect(repaired).toContain('markers = "extra == \\"x\\" or sys_platform == \\"win32\\""');
    expect(asked.events.filter(({ kind }) => kind === 'warning')).toEqual([
      {
        kind: 'warning',
        text: "The project requires lib (<1.5): Poetry's lock would leave it out with Python 3.9.0 on win32 (CPython), for the group main, this one meets it.",
      },
    ]);
  });

  test('an extra that asks for other extras of the project lists what they require', async () => {
    const manifest =
      '[project]\nname = "p"\nversion = "1"\nrequires-python = ">=3.9"\n[project.optional-dependencies]\n' +
      'a = ["deep<2"]\nb = ["win"]\nall = ["p[a,b]"]\n';
    const { lockText } = await lockProject(request(manifest).request);
    expect(lockText).toContain('[extras]\na = ["deep"]\nall = ["deep", "win"]\nb = ["win"]\n');
    expect(lockText).toContain('markers = "extra == \\"b\\" or extra == \\"all\\""');
    expect(lockText).not.toContain('name = "p"');
  });

  test('an index that fails ends the search with its error', async () => {
    const broken: Answers = {
      ...index(UNIVERSE),
      versions: () => Promise.reject(new Error('the index is down')),
    };
    await expect(lockProject(request(manifest, { index: broken }).request)).rejects.toThrow('the index is down');
  });
});

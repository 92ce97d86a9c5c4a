/** The small index that both programs see, and what Poetry asks PyPI for beside the simple API. */

import { type IndexServer, startIndex } from '../support/index-server.ts';
import { type BuiltDistribution, buildWheel, type WheelDraft } from '../support/wheel-builder.ts';

interface Draft extends WheelDraft {
  /** Why the release was yanked (PEP 592); '' without a reason. */
  readonly yanked?: string;
}

const DRAFTS: readonly Draft[] = [
  { name: 'alpha', version: '1.0.0', summary: 'The first letter', requires: ['beta>=1.0'] },
  { name: 'alpha', version: '1.1.0', summary: 'The first letter', requires: ['beta>=1.0,<3'] },
  {
    name: 'alpha',
    version: '2.0.0',
    summary: 'The first letter',
    requires: ['beta>=2.0', 'Delta ; sys_platform == "win32"'],
  },
  { name: 'beta', version: '1.0', summary: 'Second' },
  { name: 'beta', version: '1.5', summary: 'Second', requiresPython: '>=3.8' },
  { name: 'beta', version: '2.0', summary: 'Second', requiresPython: '>=3.8' },
  { name: 'beta', version: '3.0a1', summary: 'Second, soon', requiresPython: '>=3.8' },
  { name: 'Gamma.Ray', version: '0.3', summary: 'A name with dots and capitals', requires: ['alpha (>=1,<2)'] },
  {
    name: 'Gamma.Ray',
    version: '0.4',
    summary: 'A name with dots and capitals, and a summary that is longer than a terminal is wide, which is cut',
    requires: ['alpha', 'epsilon>=1 ; extra == "fast"', 'zeta ; extra == "slow"'],
    extras: ['fast', 'slow'],
  },
  { name: 'delta', version: '4.0', summary: 'For another system' },
  { name: 'epsilon', version: '1.0', summary: 'Fifth', entryPoints: '[console_scripts]\nepsilon = epsilon:main\n' },
  { name: 'zeta', version: '0.0.1', requires: ['eta'] },
  { name: 'eta', version: '1.0.post1', requires: ['zeta'] },
  { name: 'theta', version: '1.0', summary: 'Too new', requiresPython: '>=3.99' },
  { name: 'iota', version: '0.1b1', summary: 'Pre-releases only' },
  { name: 'iota', version: '0.1b2', summary: 'Pre-releases only' },
  { name: 'kappa', version: '1.0', requires: ['mu'] },
  { name: 'kappa', version: '1.1', yanked: 'It breaks things' },
  { name: 'lambda', version: '1.0', yanked: '' },
  { name: 'mu', version: '1.0' },
  { name: 'mu', version: '2.0', yanked: 'Not meant to be released' },
  ...['0.1', '0.1.1', '0.2', '1.0', '1.0.post1', '1.1.dev1', '2.0rc1'].map((version) => ({ name: 'nu', version })),
  {
    name: 'xi',
    version: '1.0',
    requires: ['nu ; extra == "a"', 'beta<2 ; extra == "b" and python_version < "3.11"', 'mu ; extra == "a-b"'],
    extras: ['a', 'b', 'a-b'],
  },
  {
    name: 'xi',
    version: '1.1',
    requires: ['nu>=0.2 ; extra == "a"', 'beta ; extra == "b" and python_version < "3.11"', 'mu ; extra == "a-b"'],
    extras: ['a', 'b', 'a-b'],
  },
  { name: 'omicron', version: '1.0', requiresPython: '>=3.6' },
  { name: 'omicron', version: '2.0', requiresPython: '>=3.8' },
  { name: 'Under_Score', version: '1.0', requires: ['xi[a]'] },
  { name: 'tau', version: '2020.1' },
  { name: 'tau', version: '2021.10.1', requires: ['nu<1'] },
];

/** What another source has, beside PyPI. */
const CORP_DRAFTS: readonly Draft[] = [
  { name: 'corp-tool', version: '1.0', summary: 'For us only', requires: ['beta>=1.5'] },
  { name: 'beta', version: '2.5', summary: 'Second, mended' },
  { name: 'mu', version: '1.0.1' },
];

/** Starts the index of another source. */
export function startCorp(): IndexServer {
  return startIndex(CORP_DRAFTS.map((draft) => buildWheel(draft)));
}

/** Starts the index; `origin` is what stands in for PyPI's own address. */
export function startUniverse(): IndexServer {
  const wheels = DRAFTS.map((draft) => ({ draft, wheel: buildWheel(draft) }));
  const server: IndexServer = startIndex(
    wheels.map(({ draft, wheel }) => ({
      ...wheel,
      ...(draft.yanked === undefined ? {} : { yanked: draft.yanked || true }),
    })),
    {
      fault(_, path) {
        const [, name, version] = /^\/pypi\/([^/]+)\/([^/]+)\/json$/.exec(path) ?? [];
        if (name === undefined) return undefined;
        const found = wheels.find(
          ({ draft, wheel }) => normal(draft.name) === normal(name) && wheel.version === version,
        );
        if (found === undefined) return new Response('not found', { status: 404 });
        return Response.json(releaseDocument(found.draft, found.wheel, server));
      },
    },
  );
  return server;
}

function normal(name: string): string {
  return name.replace(/[-_.]+/g, '-').toLowerCase();
}

function releaseDocument(draft: Draft, wheel: BuiltDistribution, server: IndexServer) {
  return {
    info: {
      name: draft.name,
      version: wheel.version,
      summary: draft.summary ?? '',
      requires_dist: draft.requires ?? [],
      requires_python: draft.requiresPython ?? null,
      yanked: draft.yanked !== undefined,
      yanked_reason: draft.yanked || null,
    },
    urls: [
      {
        packagetype: 'bdist_wheel',
        filename: wheel.file,
        url: server.fileUrl(wheel),
        digests: { sha256: wheel.sha256 },
        size: wheel.bytes.length,
        yanked: draft.yanked !== undefined,
        yanked_reason: draft.yanked || null,
      },
    ],
  };
}

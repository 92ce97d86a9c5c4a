/** Synthetic universes of packages for the bench, and an index that serves them: the same from the same numbers. */

export interface UniverseOptions {
  readonly packages: number;
  /** The share of newest releases that ask for an old release of something, from 0 to 1. */
  readonly conflict: number;
}

/** `Requires-Dist` lines by project and version. */
export type Universe = ReadonlyMap<string, ReadonlyMap<string, readonly string[]>>;

const RELEASES = 12;
/** How many packages the project itself asks for. */
export const WANTED = 10;

/**
 * Package `i` requires up to four of the twenty after it, from some release on. Where there is conflict, a newest release wants an old release
 * of one of them instead, which others rule out: the search has to learn that and to go back to the release before.
 */
export function universe({ packages, conflict }: UniverseOptions): Universe {
  const random = numbers(packages * 31 + Math.round(conflict * 1000));
  const all = new Map<string, ReadonlyMap<string, readonly string[]>>();
  for (let at = 0; at < packages; at++) {
    const after = Math.min(20, packages - at - 1);
    const names = new Set<number>();
    // The next one always: so that everything is reached.
    if (after > 0) names.add(at + 1);
    for (let count = 0; count < 3 && after > 0; count++) names.add(at + 1 + Math.floor(random() * after));
    const isWrong = random() < conflict;
    const releases = new Map<string, readonly string[]>();
    for (let release = 0; release < RELEASES; release++) {
      const wrong = isWrong && release >= RELEASES - 2;
      const lines = [...names].map((name, place) =>
        wrong && place === 0
          ? `${nameOf(name)}<1.${RELEASES - 4}`
          : `${nameOf(name)}>=1.${Math.min(release, RELEASES - 3)}`,
      );
      releases.set(`1.${release}`, lines);
    }
    all.set(nameOf(at), releases);
  }
  return all;
}

export function nameOf(at: number): string {
  return `package-${String(at).padStart(4, '0')}`;
}

/** Numbers from 0 to 1, the same for the same seed. */
function numbers(seed: number): () => number {
  let state = seed >>> 0 || 1;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Serves a universe on loopback: JSON pages and metadata (PEP 691, 658). */
export function serve(of: Universe): { readonly url: string; stop(): void } {
  const json = { 'content-type': 'application/vnd.pypi.simple.v1+json' };
  const server = Bun.serve({
    port: 0,
    hostname: '127.0.0.1',
    fetch(request) {
      const { pathname } = new URL(request.url);
      const [, kind = '', name = ''] = pathname.split('/');
      if (kind === 'files') {
        const [project = '', version = ''] = name.split('-1.').map((part, at) => (at === 0 ? part : `1.${part}`));
        const release = version.replace(/-py3-none-any\.whl\.metadata$/, '');
        const lines = of.get(project.replaceAll('_', '-'))?.get(release);
        return lines === undefined
          ? new Response('', { status: 404 })
          : new Response(metadata(project, release, lines));
      }
      const releases = kind === 'simple' ? of.get(name) : undefined;
      return releases === undefined
        ? new Response('', { status: 404 })
        : new Response(page(name, releases), { headers: json });
    },
  });
  return { url: `http://127.0.0.1:${server.port}`, stop: () => void server.stop(true) };
}

function page(name: string, releases: ReadonlyMap<string, readonly string[]>): string {
  const files = [...releases.keys()].map((version) => {
    const filename = `${name.replaceAll('-', '_')}-${version}-py3-none-any.whl`;
    return {
      filename,
      url: `/files/${filename}`,
      hashes: { sha256: new Bun.CryptoHasher('sha256').update(filename).digest('hex') },
      'requires-python': '>=3.9',
      'core-metadata': true,
      yanked: false,
      size: 1000,
    };
  });
  return JSON.stringify({ meta: { 'api-version': '1.1' }, name, versions: [...releases.keys()], files });
}

function metadata(project: string, version: string, lines: readonly string[]): string {
  const requires = lines.map((line) => `Requires-Dist: ${line}\n`).join('');
  return `Metadata-Version: 2.1\nName: ${project}\nVersion: ${version}\nRequires-Python: >=3.9\n${requires}`;
}

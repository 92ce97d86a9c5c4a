/** What a requirement file's name says about the group its requirements are for. */

const MAIN = new Set(['requirements', 'requirement', 'reqs', 'base', 'common', 'main', 'core', 'app', 'default']);
const PRODUCTION = new Set([
  'prod',
  'production',
  'deploy',
  'install',
  'runtime',
  'freeze',
  'lock',
  'locked',
  'pinned',
]);
const KNOWN: Readonly<Record<string, string>> = {
  development: 'dev',
  develop: 'dev',
  local: 'dev',
  testing: 'test',
  tests: 'test',
  doc: 'docs',
  documentation: 'docs',
  linting: 'lint',
  linters: 'lint',
};

/** `main` for `requirements.txt`, `base.in`; `dev` for `dev-requirements.txt`, `requirements/development.txt`; `docs` for `docs/requirements.txt`. */
export function groupOfFile(path: string): string {
  const parts = path.replaceAll('\\', '/').split('/');
  const file = (parts.at(-1) ?? '').replace(/\.(?:txt|in|pip|lock)$/i, '').toLowerCase();
  const words = file.split(/[-_.]+/).filter((word) => word !== '' && !MAIN.has(word) && !PRODUCTION.has(word));
  if (words.length > 0) return named(words.join('-'));
  const folder = parts.at(-2)?.toLowerCase() ?? '';
  return /^(?:docs?|tests?|dev|lint)$/.test(folder) ? named(folder) : 'main';
}

/** The same for a file that another one includes: what a group includes is the group's, unless it has a well-known name of its own. */
export function groupOfIncluded(path: string, including: string): string {
  const own = groupOfFile(path);
  return own === 'main' || /^(?:dev|tests?|docs|lint|typing|ci)(?:-|$)/.test(own) ? own : including;
}

function named(word: string): string {
  return KNOWN[word] ?? word;
}

/**
 * What users of older Poetry versions wrote, read as what it means today. Poetry 2 refuses these; scripts and articles are full of
 * them. Each row says what it becomes; where the meaning is not plainly the same, a notice says so on stderr.
 */

export interface Modernized {
  readonly tokens: readonly string[];
  readonly notices: readonly string[];
}

interface OldOption {
  /** What stands in its place. */
  readonly becomes: readonly string[];
  /** Whether the old option took a value, which is dropped with it. Default: false. */
  readonly withValue?: boolean;
  /** Replaces the command's name as well. */
  readonly command?: readonly string[];
}

const MAIN_ONLY: OldOption = { becomes: ['--only', 'main'] };
const IGNORED: OldOption = { becomes: [] };

const OLD_OPTIONS: Readonly<Record<string, Readonly<Record<string, OldOption>>>> = {
  install: {
    '--no-dev': MAIN_ONLY,
    '--dev-only': { becomes: ['--only', 'dev'] },
    '--default': IGNORED,
    '--remove-untracked': { becomes: [], command: ['sync'] },
    '--develop': { becomes: [], withValue: true },
  },
  update: { '--no-dev': MAIN_ONLY },
  sync: { '--no-dev': MAIN_ONLY },
  lock: { '--no-update': IGNORED, '--check': { becomes: ['--lock'], command: ['check'] } },
  show: { '--no-dev': MAIN_ONLY, '--default': MAIN_ONLY },
};

const OLD_COMMANDS: Readonly<Record<string, string>> = { develop: 'install', script: 'run' };

/** Rewrites old spellings in `tokens` (the command's name first). `namespaces` are those written `env x` today, `env:x` once. */
export function modernize(tokens: readonly string[], namespaces: ReadonlySet<string>): Modernized {
  const notices: string[] = [];
  const first = tokens.findIndex((one) => !one.startsWith('-'));
  const written = tokens[first];
  if (written === undefined) return { tokens, notices };

  let name: readonly string[] = [OLD_COMMANDS[written] ?? written];
  if (name[0] !== written) notices.push(`The command \`${written}\` is read as \`${name[0]}\`.`);
  const colon = written.indexOf(':');
  if (colon > 0 && namespaces.has(written.slice(0, colon))) name = written.split(':');

  const old = OLD_OPTIONS[name[0] ?? ''] ?? {};
  const rest: string[] = [];
  const after = tokens.slice(first + 1);
  for (let at = 0; at < after.length; at++) {
    const token = after[at] ?? '';
    if (token === '--') {
      rest.push(...after.slice(at));
      break;
    }
    const equals = token.indexOf('=');
    const row = Object.hasOwn(old, equals < 0 ? token : token.slice(0, equals))
      ? old[equals < 0 ? token : token.slice(0, equals)]
      : undefined;
    if (!row) {
      rest.push(token);
      continue;
    }
    if (row.withValue && equals < 0) at++;
    rest.push(...row.becomes);
    if (row.command) name = row.command;
    notices.push(noticeFor(token, row));
  }
  return { tokens: [...tokens.slice(0, first), ...name, ...rest], notices };
}

function noticeFor(token: string, row: OldOption): string {
  const today = [...(row.command ?? []), ...row.becomes].join(' ');
  return today === ''
    ? `The option \`${token}\` has no effect any more and is ignored.`
    : `The option \`${token}\` is read as \`${today}\`.`;
}

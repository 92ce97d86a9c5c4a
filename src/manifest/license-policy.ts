/** Which licences are wanted: lists of expressions' names, `*` in them for anything, against a distribution's licence. */

export interface LicensePolicy {
  /** Only these. Empty: all that are not denied. */
  readonly allow: readonly string[];
  readonly deny: readonly string[];
}

/**
 * Why a licence is not wanted; undefined where it is. Of `A OR B` one must be, of `A AND B` both. A licence that is not known is only wanted
 * where there is no list of those that are allowed.
 */
export function refusedLicense(license: string | undefined, { allow, deny }: LicensePolicy): string | undefined {
  if (license === undefined) return allow.length === 0 ? undefined : 'it states no licence';
  const isDenied = (name: string): boolean => deny.some((pattern) => matches(pattern, name));
  const isAllowed = (name: string): boolean =>
    !isDenied(name) && (allow.length === 0 || allow.some((pattern) => matches(pattern, name)));
  if (fulfilled(license, isAllowed)) return undefined;
  return fulfilled(license, (name) => !isDenied(name))
    ? 'its licence is not among those allowed'
    : 'its licence is denied';
}

/** `X WITH exception` is met by the whole, or by `X`. */
function matches(pattern: string, name: string): boolean {
  const expression = new RegExp(
    `^${pattern
      .trim()
      .replace(/[.+?^${}()|[\]\\]/g, '\\$&')
      .replaceAll('*', '.*')}$`,
    'i',
  );
  return expression.test(name) || expression.test(name.replace(/ WITH .*$/, ''));
}

/** Whether an expression holds when each licence in it counts as `test` says. A text that is no expression is one licence. */
function fulfilled(text: string, test: (name: string) => boolean): boolean {
  const tokens = text
    .replace(/[()]/g, ' $& ')
    .split(/\s+/)
    .filter((one) => one !== '');
  if (!tokens.some((one) => one === 'AND' || one === 'OR')) return test(text.replace(/^\((.*)\)$/, '$1').trim());
  let at = 0;
  const any = (): boolean => {
    let holds = all();
    while (tokens[at] === 'OR') {
      at += 1;
      holds = all() || holds;
    }
    return holds;
  };
  const all = (): boolean => {
    let holds = one();
    while (tokens[at] === 'AND') {
      at += 1;
      holds = one() && holds;
    }
    return holds;
  };
  const one = (): boolean => {
    if (tokens[at] === '(') {
      at += 1;
      const holds = any();
      at += 1;
      return holds;
    }
    const words: string[] = [];
    while (at < tokens.length && !['AND', 'OR', ')', '('].includes(tokens[at] ?? '')) words.push(tokens[at++] ?? '');
    if (words.length === 0) at += 1;
    return test(words.join(' '));
  };
  return any();
}

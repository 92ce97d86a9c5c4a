/** What a lock leaves unmet, and where it was mended, in words. Loaded only where there is something of it. */

import type { Resolution } from '../resolver/search.ts';
import type { Gap } from '../resolver/universal/soundness.ts';

/** Warnings are for reading: no more of a kind than this. */
const MOST_WARNINGS = 3;

/** Warnings about a resolution, the longest list last. */
export function gapWarnings({ gaps, mended }: Resolution): readonly string[] {
  const texts = (list: readonly Gap[], textOf: (gap: Gap) => string) => first([...new Set(list.map(textOf))]);
  return [
    ...texts(mended, (gap) => `${wish(gap)}: Poetry's lock would ${verbs[gap.kind]} ${place(gap)}, this one meets it.`),
    ...texts(gaps, (gap) => `Warning: ${wish(gap)}, and the lock ${verbsOfLock[gap.kind]} ${place(gap)}.`),
    ...(gaps.length === 0 ? [] : [ADVICE]),
  ];
}

const ADVICE =
  'Poetry writes the same lock. With `repair-lock = true` in [tool.tercet] such requirements are met wherever that can be done.';

const verbs = { missing: 'leave it out', unfit: 'install another version', twice: 'install two versions' } as const;
const verbsOfLock = {
  missing: 'leaves it out',
  unfit: 'installs another version',
  twice: 'installs two versions',
} as const;

function first(texts: readonly string[]): readonly string[] {
  return texts.slice(0, MOST_WARNINGS);
}

function wish({ locked, requirement: { prettyName, extras, prettyConstraint } }: Gap): string {
  const by = locked === undefined ? 'The project' : `${locked.prettyName} (${locked.version.text})`;
  return `${by} requires ${prettyName}${extras.length === 0 ? '' : `[${extras.join(',')}]`} (${prettyConstraint})`;
}

/** For instance `with Python 3.9 on linux (CPython), for the group dev and the extra gui`. */
function place({ environment, groups, extras }: Gap): string {
  const { python_full_version: full = '', sys_platform: platform, platform_python_implementation: kind } = environment;
  const parts = [named('group', groups), named('extra', extras)].filter((part) => part !== '');
  const python = String(full).replace(/\.99$/, '');
  return `with Python ${python} on ${platform} (${kind})${parts.length === 0 ? '' : `, for ${parts.join(' and ')}`}`;
}

function named(what: string, names: readonly string[]): string {
  return names.length === 0 ? '' : `the ${what}${names.length === 1 ? '' : 's'} ${names.join(', ')}`;
}

/** Options that several commands have. */

import type { GroupOptions } from '../app/selection.ts';
import { type Input, type Option, values } from '../cli/command.ts';

export const GROUP_OPTIONS: readonly Option[] = [
  { name: 'without', takesValue: true, multiple: true, description: 'Groups to leave out.' },
  { name: 'with', takesValue: true, multiple: true, description: 'Optional groups to take in.' },
  { name: 'only', takesValue: true, multiple: true, description: 'These groups and no others.' },
];

/** What `GROUP_OPTIONS` were given; where nothing else says so, the defaults are those of `selectGroups`. */
export function groupOptions(input: Input): GroupOptions {
  return { with: values(input, 'with'), without: values(input, 'without'), only: values(input, 'only') };
}

export const DRY_RUN: Option = {
  name: 'dry-run',
  description: 'Show what would be done and do nothing; implies --verbose.',
};

export const LOCK_ONLY: Option = { name: 'lock', description: 'Only write the lock file, install nothing.' };

/** The licence that a distribution's metadata state, as one expression: by PEP 639, or by what came before it. */

import { namedLicense } from './license-classifier.ts';
import { licenseExpression } from './license-expression.ts';

export interface StatedLicense {
  readonly licenseExpression?: string;
  readonly license?: string;
  readonly licenseClassifiers: readonly string[];
}

/** Names that metadata use for licences, beside SPDX's own; only where they can mean one licence. */
const COMMON: Readonly<Record<string, string>> = {
  'mit license': 'MIT',
  'the mit license': 'MIT',
  'apache software license': 'Apache-2.0',
  'apache license, version 2.0': 'Apache-2.0',
  'apache license version 2.0': 'Apache-2.0',
  'apache license 2.0': 'Apache-2.0',
  'apache 2.0': 'Apache-2.0',
  'apache 2': 'Apache-2.0',
  'apache-2': 'Apache-2.0',
  apache2: 'Apache-2.0',
  apache: 'Apache-2.0',
  'new bsd': 'BSD-3-Clause',
  'new bsd license': 'BSD-3-Clause',
  'modified bsd': 'BSD-3-Clause',
  'bsd 3-clause': 'BSD-3-Clause',
  'bsd 3-clause license': 'BSD-3-Clause',
  '3-clause bsd': 'BSD-3-Clause',
  '3-clause bsd license': 'BSD-3-Clause',
  'bsd 2-clause': 'BSD-2-Clause',
  'simplified bsd': 'BSD-2-Clause',
  'isc license (iscl)': 'ISC',
  'isc license': 'ISC',
  'mozilla public license 2.0 (mpl 2.0)': 'MPL-2.0',
  'mpl 2.0': 'MPL-2.0',
  'python software foundation license': 'PSF-2.0',
  psf: 'PSF-2.0',
  psfl: 'PSF-2.0',
  'psf license': 'PSF-2.0',
  'the unlicense (unlicense)': 'Unlicense',
  'the unlicense': 'Unlicense',
  'public domain': 'LicenseRef-Public-Domain',
  'zlib/libpng license': 'Zlib',
  'gnu general public license v2 (gplv2)': 'GPL-2.0-only',
  'gnu general public license v2 or later (gplv2+)': 'GPL-2.0-or-later',
  'gnu general public license v3 (gplv3)': 'GPL-3.0-only',
  'gnu general public license v3 or later (gplv3+)': 'GPL-3.0-or-later',
  'gnu lesser general public license v2 (lgplv2)': 'LGPL-2.0-only',
  'gnu lesser general public license v2 or later (lgplv2+)': 'LGPL-2.0-or-later',
  'gnu lesser general public license v3 (lgplv3)': 'LGPL-3.0-only',
  'gnu lesser general public license v3 or later (lgplv3+)': 'LGPL-3.0-or-later',
  'gnu affero general public license v3': 'AGPL-3.0-only',
  'gnu affero general public license v3 or later (agplv3+)': 'AGPL-3.0-or-later',
  gplv3: 'GPL-3.0-only',
  gplv2: 'GPL-2.0-only',
  lgpl: 'LGPL',
  'boost software license 1.0 (bsl-1.0)': 'BSL-1.0',
  'historical permission notice and disclaimer (hpnd)': 'HPND',
  'mit no attribution license (mit-0)': 'MIT-0',
  'cc0 1.0 universal (cc0 1.0) public domain dedication': 'CC0-1.0',
};

/** Longer ones are licences' texts. */
const LONGEST_NAME = 80;

/** An SPDX expression where that is clear, else the name as stated (`BSD License`); undefined where nothing is stated. */
export function statedLicense(stated: StatedLicense): string | undefined {
  if (stated.licenseExpression !== undefined)
    return licenseExpression(stated.licenseExpression) ?? stated.licenseExpression;
  const classifiers = stated.licenseClassifiers
    .map((one) => one.split(' :: ').at(-1)?.trim() ?? '')
    .filter((one) => one !== 'OSI Approved' && one !== '' && one !== 'License');
  const text = stated.license?.trim() ?? '';
  const named = text !== '' && text.length <= LONGEST_NAME && !text.includes('\n') ? known(text) : undefined;
  if (named !== undefined) return named;
  const found = classifiers.map((one) => known(one) ?? one);
  if (found.length > 0) return found.length === 1 ? found[0] : found.toSorted().join(' AND ');
  if (text === '') return undefined;
  if (text.length <= LONGEST_NAME && !text.includes('\n')) return text;
  return (
    textKind(text) ??
    text
      .split('\n')
      .map((line) => line.trim())
      .find((line) => line !== '')
      ?.slice(0, LONGEST_NAME)
  );
}

function known(name: string): string | undefined {
  const expression = licenseExpression(name);
  if (expression !== undefined) return expression;
  const common = COMMON[name.toLowerCase().replace(/\s+/g, ' ')];
  if (common !== undefined) return common;
  const { id, classifier } = namedLicense(name);
  return id !== name && classifier !== '' ? id : undefined;
}

/** What a whole text is, by its first words. */
function textKind(text: string): string | undefined {
  const start = text.slice(0, 2000).replace(/\s+/g, ' ');
  if (/Permission is hereby granted, free of charge, to any person/.test(start)) return 'MIT';
  if (/Apache License,? Version 2\.0/i.test(start)) return 'Apache-2.0';
  if (/Redistribution and use in source and binary forms/.test(start)) {
    return /neither the name|names? of (?:the|its) (?:copyright holder|contributors)/i.test(text)
      ? 'BSD-3-Clause'
      : 'BSD-2-Clause';
  }
  if (/Mozilla Public License,? (?:Version|v\.) 2\.0/i.test(start)) return 'MPL-2.0';
  return undefined;
}

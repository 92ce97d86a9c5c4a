/** The classifier that a licence named by hand stands for (deprecated by PEP 639, and written by Poetry all the same). */

import { licenses } from './_spdx-licenses.ts';

export interface NamedLicense {
  /** The SPDX identifier; the text itself where it names no licence that is known. */
  readonly id: string;
  /** Such as `License :: OSI Approved :: MIT License`. */
  readonly classifier: string;
}

/** Licences approved by the OSI: identifier, full name (where it belongs to no other identifier), classifier. */
const APPROVED = `
0BSD|BSD Zero Clause License
AAL|Attribution Assurance License|Attribution Assurance License
AFL-1.1|Academic Free License v1.1|Academic Free License (AFL)
AFL-1.2|Academic Free License v1.2|Academic Free License (AFL)
AFL-2.0|Academic Free License v2.0|Academic Free License (AFL)
AFL-2.1|Academic Free License v2.1|Academic Free License (AFL)
AFL-3.0|Academic Free License v3.0|Academic Free License (AFL)
AGPL-3.0|GNU Affero General Public License v3.0|GNU Affero General Public License v3
AGPL-3.0-only|GNU Affero General Public License v3.0 only|GNU Affero General Public License v3
AGPL-3.0-or-later|GNU Affero General Public License v3.0 or later|GNU Affero General Public License v3 or later (AGPLv3+)
ALGLIB-Documentation|ALGLIB Documentation License
Apache-1.1|Apache License 1.1|Apache Software License
Apache-2.0|Apache License 2.0|Apache Software License
APL-1.0|Adaptive Public License 1.0
APSL-1.0|Apple Public Source License 1.0
APSL-1.1|Apple Public Source License 1.1|Apple Public Source License
APSL-1.2|Apple Public Source License 1.2|Apple Public Source License
APSL-2.0|Apple Public Source License 2.0|Apple Public Source License
Artistic-1.0|Artistic License 1.0|Artistic License
Artistic-1.0-cl8|Artistic License 1.0 w/clause 8
Artistic-1.0-Perl|Artistic License 1.0 (Perl)
Artistic-2.0|Artistic License 2.0|Artistic License
BlueOak-1.0.0|Blue Oak Model License 1.0.0
BSD-1-Clause|BSD 1-Clause License
BSD-2-Clause|BSD 2-Clause "Simplified" License|BSD License
BSD-2-Clause-Patent|BSD-2-Clause Plus Patent License
BSD-3-Clause|BSD 3-Clause "New" or "Revised" License|BSD License
BSD-3-Clause-LBNL|Lawrence Berkeley National Labs BSD variant license
BSD-3-Clause-Open-MPI|BSD 3-Clause Open MPI variant
BSD-ask-to-endorse|BSD - ask to endorse
BSL-1.0|Boost Software License 1.0|Boost Software License 1.0 (BSL-1.0)
CAL-1.0|Cryptographic Autonomy License 1.0
CAL-1.0-Combined-Work-Exception|Cryptographic Autonomy License 1.0 (Combined Work Exception)
CATOSL-1.1|Computer Associates Trusted Open Source License 1.1
CDDL-1.0|Common Development and Distribution License 1.0|Common Development and Distribution License 1.0 (CDDL-1.0)
CDDL-1.1|Common Development and Distribution License 1.1
CECILL-2.1|CeCILL Free Software License Agreement v2.1|CEA CNRS Inria Logiciel Libre License, version 2.1 (CeCILL-2.1)
CERN-OHL-P-2.0|CERN Open Hardware Licence Version 2 - Permissive
CERN-OHL-S-2.0|CERN Open Hardware Licence Version 2 - Strongly Reciprocal
CERN-OHL-W-2.0|CERN Open Hardware Licence Version 2 - Weakly Reciprocal
CNRI-Python|CNRI Python License
CPAL-1.0|Common Public Attribution License 1.0
CPL-1.0|Common Public License 1.0|Common Public License
CUA-OPL-1.0|CUA Office Public License v1.0
ECL-1.0|Educational Community License v1.0
ECL-2.0|Educational Community License v2.0
EFL-1.0|Eiffel Forum License v1.0|Eiffel Forum License
EFL-2.0|Eiffel Forum License v2.0|Eiffel Forum License
Entessa|Entessa Public License v1.0
EPL-1.0|Eclipse Public License 1.0|Eclipse Public License 1.0 (EPL-1.0)
EPL-2.0|Eclipse Public License 2.0|Eclipse Public License 2.0 (EPL-2.0)
EUDatagrid|EU DataGrid Software License
EUPL-1.1|European Union Public License 1.1|European Union Public Licence 1.1 (EUPL 1.1)
EUPL-1.2|European Union Public License 1.2|European Union Public Licence 1.2 (EUPL 1.2)
Fair|Fair License
Frameworx-1.0|Frameworx Open License 1.0
GPL-2.0||GNU General Public License v2 (GPLv2)
GPL-2.0+||GNU General Public License v2 or later (GPLv2+)
GPL-2.0-only|GNU General Public License v2.0 only|GNU General Public License v2 (GPLv2)
GPL-2.0-or-later|GNU General Public License v2.0 or later|GNU General Public License v2 or later (GPLv2+)
GPL-3.0||GNU General Public License v3 (GPLv3)
GPL-3.0+||GNU General Public License v3 or later (GPLv3+)
GPL-3.0-only|GNU General Public License v3.0 only|GNU General Public License v3 (GPLv3)
GPL-3.0-or-later|GNU General Public License v3.0 or later|GNU General Public License v3 or later (GPLv3+)
GPL-3.0-with-GCC-exception|GNU General Public License v3.0 w/GCC Runtime Library exception
HPND|Historical Permission Notice and Disclaimer
ICU|ICU License
Intel|Intel Open Source License
IPA|IPA Font License
IPL-1.0|IBM Public License v1.0
ISC|ISC License
Jam|Jam License
LGPL-2.0||GNU Lesser General Public License v2 (LGPLv2)
LGPL-2.0+||GNU Lesser General Public License v2 or later (LGPLv2+)
LGPL-2.0-only|GNU Library General Public License v2 only|GNU Lesser General Public License v2 (LGPLv2)
LGPL-2.0-or-later|GNU Library General Public License v2 or later|GNU Lesser General Public License v2 or later (LGPLv2+)
LGPL-2.1
LGPL-2.1+
LGPL-2.1-only|GNU Lesser General Public License v2.1 only
LGPL-2.1-or-later|GNU Lesser General Public License v2.1 or later
LGPL-3.0||GNU Lesser General Public License v3 (LGPLv3)
LGPL-3.0+||GNU Lesser General Public License v3 or later (LGPLv3+)
LGPL-3.0-only|GNU Lesser General Public License v3.0 only|GNU Lesser General Public License v3 (LGPLv3)
LGPL-3.0-or-later|GNU Lesser General Public License v3.0 or later|GNU Lesser General Public License v3 or later (LGPLv3+)
LiLiQ-P-1.1|Licence Libre du Québec – Permissive version 1.1
LiLiQ-R-1.1|Licence Libre du Québec – Réciprocité version 1.1
LiLiQ-Rplus-1.1|Licence Libre du Québec – Réciprocité forte version 1.1
LPL-1.0|Lucent Public License Version 1.0
LPL-1.02|Lucent Public License v1.02
LPPL-1.3c|LaTeX Project Public License v1.3c
MirOS|The MirOS Licence
MIT|MIT License|MIT License
MIT-0|MIT No Attribution
MIT-Modern-Variant|MIT License Modern Variant
Motosoto|Motosoto License
MPL-1.0|Mozilla Public License 1.0|Mozilla Public License 1.0 (MPL)
MPL-1.1|Mozilla Public License 1.1|Mozilla Public License 1.1 (MPL 1.1)
MPL-2.0|Mozilla Public License 2.0
MPL-2.0-no-copyleft-exception|Mozilla Public License 2.0 (no copyleft exception)
MS-PL|Microsoft Public License
MS-RL|Microsoft Reciprocal License
MulanPSL-2.0|Mulan Permissive Software License, Version 2
Multics|Multics License
NASA-1.3|NASA Open Source Agreement 1.3
Naumen|Naumen Public License
NCSA|University of Illinois/NCSA Open Source License
NGPL|Nethack General Public License
Nokia|Nokia Open Source License|Nokia Open Source License
NPOSL-3.0|Non-Profit Open Software License 3.0
NTP|NTP License
OCLC-2.0|OCLC Research Public License 2.0
OFL-1.1|SIL Open Font License 1.1
OFL-1.1-no-RFN|SIL Open Font License 1.1 with no Reserved Font Name
OFL-1.1-RFN|SIL Open Font License 1.1 with Reserved Font Name
OGTSL|Open Group Test Suite License
OLDAP-2.8|Open LDAP Public License v2.8
OLFL-1.3|Open Logistics Foundation License Version 1.3
OSC-1.0|OSC License 1.0
OSET-PL-2.1|OSET Public License version 2.1
OSL-1.0|Open Software License 1.0
OSL-2.0|Open Software License 2.0
OSL-2.1|Open Software License 2.1
OSL-3.0|Open Software License 3.0
PHP-3.0|PHP License v3.0
PHP-3.01|PHP License v3.01
PostgreSQL|PostgreSQL License
Python-2.0|Python License 2.0
QPL-1.0|Q Public License 1.0
RPL-1.1|Reciprocal Public License 1.1
RPL-1.5|Reciprocal Public License 1.5
RPSL-1.0|RealNetworks Public Source License v1.0
RSCPL|Ricoh Source Code Public License
SimPL-2.0|Simple Public License 2.0
SISSL|Sun Industry Standards Source License v1.1
Sleepycat|Sleepycat License
SPL-1.0|Sun Public License v1.0
UCL-1.0|Upstream Compatibility License v1.0
Unicode-3.0|Unicode License v3
Unicode-DFS-2016|Unicode License Agreement - Data Files and Software (2016)
Unlicense|The Unlicense
UPL-1.0|Universal Permissive License v1.0
VSL-1.0|Vovida Software License v1.0
W3C|W3C Software Notice and License (2002-12-31)|W3C License
W3C-20150513|W3C Software Notice and Document License (2015-05-13)
Watcom-1.0|Sybase Open Watcom Public License 1.0
WordNet|WordNet License
wxWindows|wxWindows Library License
Xnet|X.Net License
Zlib|zlib License
ZPL-2.0|Zope Public License 2.0|Zope Public License
ZPL-2.1|Zope Public License 2.1|Zope Public License
`;

/** Others that have a classifier of their own. */
const OTHERS = `
Aladdin|Aladdin Free Public License|Aladdin Free Public License (AFPL)
CC0-1.0|Creative Commons Zero v1.0 Universal|CC0 1.0 Universal (CC0 1.0) Public Domain Dedication
CECILL-B|CeCILL-B Free Software License Agreement|CeCILL-B Free Software License Agreement (CECILL-B)
CECILL-C|CeCILL-C Free Software License Agreement|CeCILL-C Free Software License Agreement (CECILL-C)
NPL-1.0|Netscape Public License v1.0|Netscape Public License (NPL)
NPL-1.1|Netscape Public License v1.1|Netscape Public License (NPL)
`;

const UNKNOWN = 'License :: Other/Proprietary License';

/** The licence with this identifier or full name, letters in either case. */
export function namedLicense(text: string): NamedLicense {
  known ??= readTables();
  const key = text.toLowerCase();
  return (
    known.get(key) ?? { id: key === 'proprietary' ? 'Proprietary' : (licenses.get(key) ?? text), classifier: UNKNOWN }
  );
}

let known: ReadonlyMap<string, NamedLicense> | undefined;

function readTables(): ReadonlyMap<string, NamedLicense> {
  const found = new Map<string, NamedLicense>();
  for (const [table, head] of [
    [APPROVED, ['License', 'OSI Approved']],
    [OTHERS, ['License']],
  ] as const) {
    for (const line of table.trim().split('\n')) {
      const [id = '', name = '', classifier = ''] = line.split('|');
      const license = { id, classifier: [...head, ...(classifier === '' ? [] : [classifier])].join(' :: ') };
      found.set(id.toLowerCase(), license);
      if (name !== '') found.set(name.toLowerCase(), license);
    }
  }
  return found;
}

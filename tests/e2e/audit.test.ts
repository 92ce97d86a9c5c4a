/** `audit` and `licenses`: findings, what is ignored, formats, exit codes; from files, archives and a service on loopback. */

import { expect, test } from 'bun:test';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startIndex } from '../support/index-server.ts';
import { createHome, manifestOf } from '../support/run-tercet.ts';
import { buildWheel } from '../support/wheel-builder.ts';
import { writeZip } from '../support/zip-writer.ts';

const world = [
  buildWheel({
    name: 'alpha',
    version: '1.0',
    requires: ['beta <2'],
    headers: ['License-Expression: MIT OR GPL-3.0-only'],
  }),
  buildWheel({
    name: 'beta',
    version: '1.5',
    headers: ['License: Apache 2.0', 'Classifier: License :: OSI Approved :: MIT License'],
  }),
  buildWheel({ name: 'gamma', version: '0.1', headers: ['Classifier: License :: OSI Approved :: BSD License'] }),
  buildWheel({ name: 'delta', version: '3.0' }),
];

const GHSA = {
  id: 'GHSA-aaaa-bbbb-cccc',
  aliases: ['CVE-2026-1'],
  summary: 'Beta leaks\nits beans',
  severity: [{ type: 'CVSS_V3', score: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N' }],
  references: [{ type: 'WEB', url: 'https://example.com/advisory' }],
  affected: [
    {
      package: { ecosystem: 'PyPI', name: 'Beta' },
      ranges: [
        {
          type: 'ECOSYSTEM',
          events: [{ introduced: '0' }, { fixed: '1.2' }, { introduced: '1.3' }, { fixed: '1.6.1' }],
        },
      ],
    },
  ],
};
const PYSEC = {
  id: 'PYSEC-2026-1',
  aliases: ['CVE-2026-1'],
  affected: [{ package: { ecosystem: 'PyPI', name: 'beta' }, versions: ['1.5'] }],
};
const OTHERS = [
  {
    id: 'GHSA-old',
    affected: [
      {
        package: { ecosystem: 'PyPI', name: 'alpha' },
        ranges: [{ type: 'ECOSYSTEM', events: [{ introduced: '0' }, { fixed: '0.9' }] }],
      },
    ],
  },
  {
    id: 'GHSA-withdrawn',
    withdrawn: '2026-01-01T00:00:00Z',
    affected: [{ package: { ecosystem: 'PyPI', name: 'alpha' }, versions: ['1.0'] }],
  },
  { id: 'GHSA-npm', affected: [{ package: { ecosystem: 'npm', name: 'alpha' }, versions: ['1.0'] }] },
  {
    id: 'PYSEC-low',
    summary: 'Delta is slow',
    database_specific: { severity: 'LOW' },
    affected: [
      {
        package: { ecosystem: 'PyPI', name: 'delta' },
        ranges: [{ type: 'ECOSYSTEM', events: [{ introduced: '1' }, { last_affected: '3.0' }] }],
      },
    ],
  },
];

async function audited(run: (home: ReturnType<typeof createHome>, origin: string) => Promise<void>, more = '') {
  await using index = startIndex(world);
  using home = createHome(index.url);
  home.write('pyproject.toml', manifestOf(['alpha', 'gamma'], `\n[dependency-groups]\ndev = ["delta"]\n${more}`));
  expect((await home.run(['lock'])).code).toBe(0);
  for (const one of [GHSA, PYSEC, ...OTHERS]) home.write(`osv/PyPI/${one.id}.json`, JSON.stringify(one));
  await run(home, index.origin);
}

test('what is found, in words', () =>
  audited(async (home) => {
    const found = await home.run(['audit', '--advisories', 'osv']);
    expect(found.code).toBe(1);
    expect(found.stdout).toBe(`Found 2 known vulnerabilities in 2 packages (4 packages looked at)

beta 1.5
  GHSA-aaaa-bbbb-cccc  high (7.5)  Beta leaks its beans
    also CVE-2026-1, PYSEC-2026-1
    fixed in 1.6.1: \`tercet update beta\`
    required by alpha

delta 3.0
  PYSEC-low  low  Delta is slow
    no release is known to be free of it
`);
    expect((await home.run(['audit', '--advisories', 'osv', '--only', 'dev', '--level', 'high'])).code).toBe(0);
    const ignored = await home.run(['audit', '--advisories', 'osv', '--ignore', 'CVE-2026-1,PYSEC-low']);
    expect([ignored.code, ignored.stdout.includes('GHSA-aaaa-bbbb-cccc  beta 1.5: on the command line')]).toEqual([
      0,
      true,
    ]);
  }));

test('the list of what is ignored: reasons, days, entries without use', () =>
  audited(
    async (home) => {
      const ran = await home.run(['audit', '--advisories', 'osv']);
      expect(ran.code).toBe(1);
      expect(ran.stdout).toContain('GHSA-aaaa-bbbb-cccc  beta 1.5: not reached');
      expect(ran.stdout).toContain('PYSEC-low  low');
      expect(ran.stdout).toContain('Note: GHSA-gone is ignored, but nothing');
      home.write('pyproject.toml', manifestOf([], '\n[tool.tercet.audit]\nignore = ["GHSA-x"]\n'));
      expect((await home.run(['audit', '--advisories', 'osv'])).stderr).toContain(
        'a table with an `id` and a `reason`',
      );
    },
    `[tool.tercet.audit]
ignore = [
  {id = "CVE-2026-1", reason = "not reached"},
  {id = "PYSEC-low", reason = "soon", until = "2020-01-01"},
  {id = "GHSA-gone", reason = "was there"},
]
`,
  ));

test('JSON and SARIF; a zip archive; a single file', () =>
  audited(async (home) => {
    const [data] = (await home.run(['audit', '--advisories', 'osv', '--json'])).stdout
      .split('\n')
      .map((one) => JSON.parse(one || '{}'));
    expect(data).toMatchObject({ kind: 'data', name: 'audit', value: { packages: 4 } });
    const zip = writeZip([GHSA, PYSEC].map((one) => ({ path: `${one.id}.json`, contents: JSON.stringify(one) })));
    writeFileSync(join(home.project, 'all.zip'), zip);
    const json = JSON.parse((await home.run(['audit', '--advisories', 'all.zip', '--format', 'json'])).stdout);
    expect(json.vulnerabilities).toMatchObject([
      { package: 'beta', version: '1.5', severity: 'high', score: 7.5, fixed_in: ['1.6.1'], path: ['alpha', 'beta'] },
    ]);
    const sarif = JSON.parse(
      (await home.run(['audit', '--advisories', 'osv/PyPI/GHSA-aaaa-bbbb-cccc.json', '--format', 'sarif'])).stdout,
    );
    const [result] = sarif.runs[0].results;
    expect([sarif.version, result.ruleId, result.level]).toEqual(['2.1.0', 'GHSA-aaaa-bbbb-cccc', 'error']);
    const line = result.locations[0].physicalLocation.region.startLine;
    expect(home.read('poetry.lock').split('\n')[line - 1]).toBe('name = "beta"');
  }));

test('a service: one question for all, each record once, pages', () =>
  audited(async (home) => {
    const asked: string[] = [];
    await using service = Bun.serve({
      hostname: '127.0.0.1',
      port: 0,
      async fetch(request) {
        const { pathname } = new URL(request.url);
        asked.push(`${request.method} ${pathname}`);
        if (pathname !== '/v1/querybatch') return Response.json([GHSA, PYSEC].find(({ id }) => pathname.endsWith(id)));
        const { queries } = (await request.json()) as { queries: { package: { name: string }; page_token?: string }[] };
        return Response.json({
          results: queries.map(({ package: { name }, page_token }) =>
            name !== 'beta'
              ? {}
              : page_token === 'next'
                ? { vulns: [{ id: PYSEC.id }] }
                : { vulns: [{ id: GHSA.id }], next_page_token: 'next' },
          ),
        });
      },
    });
    const env = { TERCET_ADVISORIES: `http://127.0.0.1:${service.port}/` };
    const ran = await home.run(['audit', '-f', 'json'], { env });
    expect([ran.code, JSON.parse(ran.stdout).vulnerabilities.length]).toEqual([1, 1]);
    expect(asked.toSorted()).toEqual([
      'GET /v1/vulns/GHSA-aaaa-bbbb-cccc',
      'GET /v1/vulns/PYSEC-2026-1',
      'POST /v1/querybatch',
      'POST /v1/querybatch',
    ]);
    await service.stop(true);
    const gone = await home.run(['audit', '--offline'], { env });
    expect(gone.code).toBe(2);
    const broken = await home.run(['audit', '--advisories', 'pyproject.toml']);
    expect([broken.code, broken.stderr.includes('pyproject.toml cannot be read')]).toEqual([2, true]);
  }));

test('licences: from the index, then from the environment; lists of what is wanted', () =>
  audited(async (home) => {
    const list = await home.run(['licenses']);
    expect(list).toMatchObject({
      code: 0,
      stdout: 'alpha 1.0 MIT OR GPL-3.0-only\nbeta  1.5 Apache-2.0\ndelta 3.0 unknown\ngamma 0.1 BSD License\n',
    });
    const allowed = await home.run(['licenses', '--allow', 'MIT,BSD*,Apache-2.0', '--without', 'dev']);
    expect(allowed.code).toBe(0);
    const denied = await home.run(['licenses', '--deny', 'apache*']);
    expect([denied.code, denied.stdout.includes('Apache-2.0  its licence is denied')]).toEqual([1, true]);
    expect((await home.run(['licenses', '--allow', 'MIT,BSD*,Apache-2.0'])).stderr).toContain(
      '1 of 4 packages have a licence that is not wanted: delta',
    );
    expect((await home.run(['licenses', '--summary'])).stdout).toContain('1  unknown');
    expect((await home.run(['install'])).code).toBe(0);
    const offline = JSON.parse((await home.run(['licenses', '--format', 'json', '--offline'])).stdout);
    expect(offline[0]).toEqual({ name: 'alpha', version: '1.0', from: 'environment', license: 'MIT OR GPL-3.0-only' });
  }));

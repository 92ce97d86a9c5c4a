/**
 * Advisories about locked packages: from files of the Open Source Vulnerability format (one record, a list of them, a folder, a zip archive
 * such as the one that osv.dev offers for PyPI), or from a service that speaks its protocol. https://google.github.io/osv.dev/api/
 */

import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { zipFromBytes } from '../archive/read-zip.ts';
import { type Advisory, readAdvisory } from '../formats/osv.ts';
import { TercetError } from '../ground/error.ts';
import type { Transport } from '../http/transport.ts';
import type { LockedPackage } from '../lock/lock.ts';
import { asArray, asString, asTable } from '../toml/read.ts';

/** The service that is asked where nothing else is said. */
export const OSV_SERVICE = 'https://api.osv.dev';

/** Queries in one request; the protocol's own limit. */
const BATCH = 1000;
/** Pages of one query. */
const MOST_PAGES = 20;

/**
 * Every advisory at these places that may be about one of the packages. A place is a path, the address of a `.json` or `.zip` file, or that of
 * a service. Throws `advisories` (exit code 2) where one cannot be read.
 */
export async function readAdvisories(
  places: readonly string[],
  packages: readonly LockedPackage[],
  transport: Transport,
): Promise<readonly Advisory[]> {
  const names = new Set<string>(packages.map((one) => one.name));
  const found = new Map<string, Advisory>();
  const take = (value: unknown): void => {
    for (const one of Array.isArray(value) ? value : [value]) {
      const advisory = readAdvisory(one);
      if (advisory?.affected.some(({ name }) => names.has(name)) === true) found.set(advisory.id, advisory);
    }
  };
  for (const place of places) {
    try {
      if (!/^https?:\/\//.test(place)) fromPath(place, take);
      else if (/\.(?:json|zip)$/.test(URL.parse(place)?.pathname ?? ''))
        fromBytes(place, (await fetched(transport, place)).body, take);
      else for (const record of await fromService(transport, place.replace(/\/+$/, ''), packages)) take(record);
    } catch (cause) {
      if (cause instanceof TercetError && cause.code === 'interrupted') throw cause;
      const why = cause instanceof Error ? cause.message : String(cause);
      throw new TercetError('advisories', `The advisories at ${place} cannot be read: ${why}`, {
        exitCode: 2,
        hints: ['`--advisories PATH` reads them from a file, a folder or a zip archive in the OSV format'],
        cause,
      });
    }
  }
  return [...found.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
}

type Take = (value: unknown) => void;

function fromPath(path: string, take: Take): void {
  if (!statSync(path).isDirectory()) {
    fromBytes(path, readFileSync(path), take);
    return;
  }
  for (const name of readdirSync(path, { recursive: true, encoding: 'utf8' }).sort()) {
    if (name.endsWith('.json')) fromBytes(name, readFileSync(join(path, name)), take);
  }
}

function fromBytes(name: string, bytes: Uint8Array, take: Take): void {
  if (!/\.zip(?:\?|$)/.test(name)) {
    take(JSON.parse(new TextDecoder().decode(bytes)));
    return;
  }
  using archive = zipFromBytes(name, bytes);
  for (const entry of archive.entries) {
    if (entry.path.endsWith('.json')) take(JSON.parse(new TextDecoder().decode(archive.read(entry))));
  }
}

async function fetched(transport: Transport, url: string) {
  const reply = await transport.fetch(url);
  if (reply.status !== 200) throw new Error(`the server answers ${reply.status}`);
  return reply;
}

async function asked(transport: Transport, url: string, question: unknown): Promise<unknown> {
  const reply = await transport.fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(question),
  });
  if (reply.status !== 200) throw new Error(`the server answers ${reply.status}`);
  return JSON.parse(new TextDecoder().decode(reply.body));
}

interface Query {
  readonly package: { readonly name: string; readonly ecosystem: 'PyPI' };
  readonly version: string;
  readonly page_token?: string;
}

/** The records of all advisories for the packages, each once. */
async function fromService(
  transport: Transport,
  service: string,
  packages: readonly LockedPackage[],
): Promise<unknown[]> {
  const ids = await identifiersOf(transport, service, packages);
  return Promise.all(
    [...ids].map(async (id) => {
      const { body } = await fetched(transport, `${service}/v1/vulns/${encodeURIComponent(id)}`);
      return JSON.parse(new TextDecoder().decode(body));
    }),
  );
}

/** The identifiers of the advisories for the packages, in few requests; what does not fit a page is asked for with the next ones. */
async function identifiersOf(
  transport: Transport,
  service: string,
  packages: readonly LockedPackage[],
): Promise<ReadonlySet<string>> {
  const ids = new Set<string>();
  let queries: Query[] = packages.map(({ name, version }) => ({
    package: { name, ecosystem: 'PyPI' },
    version: version.text.replace(/\+.*$/, ''),
  }));
  for (let page = 0; queries.length > 0 && page < MOST_PAGES; page += 1) {
    const further: Query[] = [];
    for (let start = 0; start < queries.length; start += BATCH) {
      const batch = queries.slice(start, start + BATCH);
      const results = await resultsOf(transport, service, batch);
      for (const [at, query] of batch.entries()) {
        const result = asTable(results[at]);
        for (const one of asArray(result?.vulns)) {
          const id = asString(asTable(one)?.id);
          if (id !== undefined) ids.add(id);
        }
        const token = asString(result?.next_page_token);
        if (token !== undefined && token !== '') further.push({ ...query, page_token: token });
      }
    }
    queries = further;
  }
  return ids;
}

/** What the service answers to each query. Throws where it leaves one out. */
async function resultsOf(
  transport: Transport,
  service: string,
  queries: readonly Query[],
): Promise<readonly unknown[]> {
  const answer = asTable(await asked(transport, `${service}/v1/querybatch`, { queries }));
  const results = asArray(answer?.results);
  if (results.length !== queries.length) throw new Error('the service does not answer every question');
  return results;
}

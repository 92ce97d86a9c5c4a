/** The page of a simple API that lists its projects (PEP 503, 691). */

import { asArray, asString, asTable } from '../toml/read.ts';
import { notAnIndex } from './page-links.ts';

/** The names as written, in the order of the page. Throws `not-an-index` for damaged JSON. */
export async function readRootPage(body: Uint8Array, contentType: string, url: string): Promise<readonly string[]> {
  const text = new TextDecoder().decode(body);
  if (contentType.includes('json')) return jsonNames(text, url);
  const { Parser } = await import('htmlparser2');
  const names: string[] = [];
  let link: string | undefined;
  const parser = new Parser({
    onopentag(name) {
      if (name === 'a') link = '';
    },
    ontext(part) {
      if (link !== undefined) link += part;
    },
    onclosetag(name) {
      if (name !== 'a' || link === undefined) return;
      if (link.trim() !== '') names.push(link.trim().replace(/\/$/, ''));
      link = undefined;
    },
  });
  parser.write(text);
  parser.end();
  return names;
}

function jsonNames(text: string, url: string): readonly string[] {
  let page: unknown;
  try {
    page = JSON.parse(text);
  } catch {
    throw notAnIndex(url, 'its JSON is damaged');
  }
  return asArray(asTable(page)?.projects).flatMap((entry) => asString(asTable(entry)?.name) ?? []);
}

/**
 * A project's page of the simple API: JSON (PEP 691, 700) or HTML (PEP 503, 592, 658, 714), read into one shape.
 * https://packaging.python.org/en/latest/specifications/simple-repository-api/
 */

import type { IndexFile } from './index-file.ts';
import { absoluteUrl, isFileName, notAnIndex } from './page-links.ts';

export const SIMPLE_JSON = 'application/vnd.pypi.simple.v1+json';

/** What is asked for: JSON, or anything rather than nothing. */
export const ACCEPT = `${SIMPLE_JSON}, application/vnd.pypi.simple.v1+html;q=0.2, text/html;q=0.1, */*;q=0.01`;

/** The files of a page in its order. `url` is the address it came from. Throws `not-an-index` for anything else. */
export async function readSimplePage(
  body: Uint8Array,
  contentType: string,
  url: string,
): Promise<readonly IndexFile[]> {
  const kind = kindOf(contentType);
  const text = new TextDecoder().decode(body);
  if (kind === SIMPLE_JSON || kind === 'application/json') return readJson(text, url);
  if (kind.includes('json')) throw notAnIndex(url, `it answers with ${kind}`);
  // Loading an HTML parser takes longer than reading most pages.
  const { readHtmlPage } = await import('./html-page.ts');
  return readHtmlPage(text, url);
}

/** Whether a page with this `Content-Type` is in JSON of the version that is known. */
export function isJsonPage(contentType: string): boolean {
  return kindOf(contentType) === SIMPLE_JSON;
}

function kindOf(contentType: string): string {
  return (contentType.split(';')[0] ?? '').trim().toLowerCase();
}

function readJson(text: string, url: string): readonly IndexFile[] {
  let page: unknown;
  try {
    page = JSON.parse(text);
  } catch {
    throw notAnIndex(url, 'its JSON is damaged');
  }
  const files: unknown = isObject(page) ? page.files : undefined;
  if (!Array.isArray(files)) throw notAnIndex(url, 'its JSON lists no files');
  const version = isObject(page) && isObject(page.meta) ? page.meta['api-version'] : undefined;
  if (typeof version === 'string' && !version.startsWith('1.')) {
    throw notAnIndex(url, `it speaks version ${version} of the simple API`);
  }
  const listed: IndexFile[] = [];
  for (const entry of files as readonly unknown[]) {
    const file = isObject(entry) ? jsonFile(entry, url) : undefined;
    if (file !== undefined) listed.push(file);
  }
  return listed;
}

type Json = Readonly<Record<string, unknown>>;

/** An entry of a page as JSON; undefined where it is none. */
export function jsonFile(entry: Json, page: string): IndexFile | undefined {
  const { filename, url, hashes, size, yanked } = entry;
  if (typeof filename !== 'string' || typeof url !== 'string' || !isFileName(filename)) return undefined;
  const absolute = absoluteUrl(url, page);
  if (absolute === undefined) return undefined;
  const requiresPython = entry['requires-python'];
  const uploadTime = entry['upload-time'];
  const advertised = entry['core-metadata'] ?? entry['dist-info-metadata'];
  return {
    file: filename,
    url: absolute,
    hashes: hashesOf(hashes),
    yanked: typeof yanked === 'string' ? yanked : yanked === true,
    coreMetadata: isObject(advertised) ? hashesOf(advertised) : advertised === true,
    size: typeof size === 'number' ? size : undefined,
    requiresPython: typeof requiresPython === 'string' && requiresPython !== '' ? requiresPython : undefined,
    uploadTime: typeof uploadTime === 'string' ? uploadTime : undefined,
  };
}

function hashesOf(value: unknown): Readonly<Record<string, string>> {
  if (!isObject(value)) return {};
  for (const key in value) if (typeof value[key] !== 'string') return {};
  return value as Readonly<Record<string, string>>;
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

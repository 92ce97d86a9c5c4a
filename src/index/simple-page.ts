/**
 * A project's page of the simple API: JSON (PEP 691, 700) or HTML (PEP 503, 592, 658, 714), read into one shape.
 * https://packaging.python.org/en/latest/specifications/simple-repository-api/
 */

import { Parser } from 'htmlparser2';
import { TercetError } from '../ground/error.ts';
import { withoutCredentials } from '../ground/redact.ts';
import type { IndexFile } from './index-file.ts';

export const SIMPLE_JSON = 'application/vnd.pypi.simple.v1+json';

/** What is asked for: JSON, or anything rather than nothing. */
export const ACCEPT = `${SIMPLE_JSON}, application/vnd.pypi.simple.v1+html;q=0.2, text/html;q=0.1, */*;q=0.01`;

/** The files of a page in its order. `url` is the address it came from. Throws `not-an-index` for anything else. */
export function readSimplePage(body: Uint8Array, contentType: string, url: string): readonly IndexFile[] {
  const kind = (contentType.split(';')[0] ?? '').trim().toLowerCase();
  const text = new TextDecoder().decode(body);
  if (kind === SIMPLE_JSON || kind === 'application/json') return readJson(text, url);
  if (kind.includes('json')) throw notAnIndex(url, `it answers with ${kind}`);
  return readHtml(text, url);
}

/** The error for an address that answers with something else than a simple API. */
export function notAnIndex(url: string, why: string): TercetError {
  const shown = withoutCredentials(url);
  return new TercetError('not-an-index', `${shown} does not look like a package index: ${why}`, {
    hints: [
      'The address of a source ends where project names begin, often in `/simple/`. A login page in its place means that credentials are missing.',
    ],
    detail: { url: shown },
  });
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

function jsonFile(entry: Json, page: string): IndexFile | undefined {
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
    ...(typeof size === 'number' ? { size } : {}),
    ...(typeof requiresPython === 'string' && requiresPython !== '' ? { requiresPython } : {}),
    ...(typeof uploadTime === 'string' ? { uploadTime } : {}),
  };
}

function hashesOf(value: unknown): Readonly<Record<string, string>> {
  if (!isObject(value)) return {};
  for (const key in value) if (typeof value[key] !== 'string') return {};
  return value as Readonly<Record<string, string>>;
}

function readHtml(text: string, url: string): readonly IndexFile[] {
  const files: IndexFile[] = [];
  let base: string | undefined;
  let form = false;
  let marked = false;
  const parser = new Parser(
    {
      onopentag(name, attributes) {
        marked ||= name === 'html' || name === 'body' || name === 'a' || name === 'h1' || name === 'head';
        if (name === 'base') base ??= absoluteUrl(attributes.href ?? '', url);
        else if (name === 'form' || name === 'input') form = true;
        else if (name === 'a') {
          const file = htmlFile(attributes, base ?? url);
          if (file !== undefined) files.push(file);
        }
      },
    },
    { decodeEntities: true, lowerCaseTags: true, lowerCaseAttributeNames: true },
  );
  parser.write(text);
  parser.end();
  if (files.length === 0 && form) throw notAnIndex(url, 'it answers with a form to fill in');
  if (!marked && text.trim() !== '') throw notAnIndex(url, 'it answers with neither HTML nor JSON');
  return files;
}

function htmlFile(attributes: Readonly<Record<string, string>>, base: string): IndexFile | undefined {
  const absolute = absoluteUrl(attributes.href ?? '', base);
  if (absolute === undefined || attributes.href === undefined) return undefined;
  const hash = absolute.indexOf('#');
  const url = hash < 0 ? absolute : absolute.slice(0, hash);
  const file = fileNameOf(url);
  if (!isFileName(file)) return undefined;
  const requiresPython = attributes['data-requires-python'];
  const yanked = attributes['data-yanked'];
  const size = attributes['data-size'];
  return {
    file,
    url,
    hashes: hash < 0 ? {} : fragmentHash(absolute.slice(hash + 1)),
    yanked: yanked === undefined ? false : yanked === '' ? true : yanked,
    coreMetadata: advertised(attributes['data-core-metadata'] || attributes['data-dist-info-metadata']),
    ...(requiresPython === undefined || requiresPython === '' ? {} : { requiresPython }),
    ...(size !== undefined && /^[0-9]+$/.test(size) ? { size: Number(size) } : {}),
  };
}

/** `data-core-metadata`: `true`, or a hash as in fragments. */
function advertised(value: string | undefined): IndexFile['coreMetadata'] {
  if (value === undefined || value.toLowerCase() === 'false') return false;
  const hashes = fragmentHash(value);
  return Object.keys(hashes).length > 0 ? hashes : true;
}

const HASH = /(sha1|sha224|sha384|sha256|sha512|md5)=([a-f0-9]+)/;

function fragmentHash(text: string): Readonly<Record<string, string>> {
  const match = HASH.exec(text);
  return match?.[1] === undefined || match[2] === undefined ? {} : { [match[1]]: match[2] };
}

/** The usual forms need no parser; whoever lists 4,000 files feels it. */
function absoluteUrl(url: string, base: string): string | undefined {
  if (url.startsWith('https://') || url.startsWith('http://'))
    return url.includes(' ') ? url.replaceAll(' ', '%20') : url;
  const parsed = URL.parse(url, base);
  return parsed !== null && (parsed.protocol === 'https:' || parsed.protocol === 'http:') ? parsed.href : undefined;
}

function fileNameOf(url: string): string {
  const query = url.indexOf('?');
  const path = (query < 0 ? url : url.slice(0, query)).replace(/\/+$/, '');
  const last = path.slice(path.lastIndexOf('/') + 1);
  try {
    return decodeURIComponent(last);
  } catch {
    return last;
  }
}

function isFileName(name: string): boolean {
  return name !== '' && !name.includes('/') && !name.includes('\\');
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

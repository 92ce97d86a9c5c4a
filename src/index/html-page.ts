/** A project's page in HTML (PEP 503, 592, 658, 714). */

import { Parser } from 'htmlparser2';
import type { IndexFile } from './index-file.ts';
import { absoluteUrl, isFileName, notAnIndex } from './page-links.ts';

/** The files that a page links to. Throws `not-an-index` for a login form, other pages for people, and
 * what is no HTML. */
export function readHtmlPage(text: string, url: string): readonly IndexFile[] {
  const files: IndexFile[] = [];
  let base: string | undefined;
  let form = false;
  let program = false;
  let marked = false;
  const parser = new Parser(
    {
      onopentag(name, attributes) {
        marked ||= name === 'html' || name === 'body' || name === 'a' || name === 'h1' || name === 'head';
        if (name === 'base') base ??= absoluteUrl(attributes.href ?? '', url);
        else if (name === 'form' || name === 'input') form = true;
        else if (name === 'script' || isRefresh(name, attributes)) program = true;
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
  if (files.length === 0 && program) throw notAnIndex(url, 'it answers with a page for people');
  if (!marked && text.trim() !== '') throw notAnIndex(url, 'it answers with neither HTML nor JSON');
  return files;
}

/** A page that leads on to another one, such as a login. */
function isRefresh(name: string, attributes: Readonly<Record<string, string>>): boolean {
  return name === 'meta' && attributes['http-equiv']?.toLowerCase() === 'refresh';
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
    requiresPython: requiresPython === '' ? undefined : requiresPython,
    size: size !== undefined && /^[0-9]+$/.test(size) ? Number(size) : undefined,
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

function fileNameOf(url: string): string {
  const query = url.indexOf('?');
  const path = query < 0 ? url : url.slice(0, query);
  const last = path.slice(path.lastIndexOf('/') + 1);
  try {
    return decodeURIComponent(last);
  } catch {
    return last;
  }
}

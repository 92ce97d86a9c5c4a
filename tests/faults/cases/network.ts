/** Cases 1 to 9: what a server or the way to it can do to an answer. */

import { equal, ok } from 'node:assert/strict';
import { buildWheel } from '../../support/wheel-builder.ts';
import { cacheIsClean, complete, type FaultCase, failedWith, nothingLeft, openBed, succeeded } from '../bed.ts';
import { forFile, forPage, type Reply } from '../fault-server.ts';

/** Large enough to arrive in several pieces, and incompressible. */
const noise = new Uint8Array(200_000).map((_, at) => (at * 2654435761) >>> ((at % 3) * 8));
const alpha = buildWheel({ name: 'alpha', files: { 'alpha/__init__.py': '', 'alpha/noise.bin': noise } });
const other = buildWheel({ name: 'alpha', files: { 'alpha/__init__.py': 'import os\n' } });
const html = (body: string): Reply => ({ headers: { 'content-type': 'text/html; charset=utf-8' }, body });

export const NETWORK_CASES: readonly FaultCase[] = [
  {
    number: 1,
    title: 'File bytes differ from the hash in the lock',
    expected: 'refused, file and both hashes named, clean',
    async run() {
      await using bed = await openBed([alpha], { rule: forFile(alpha, () => ({ body: other.bytes })) });
      failedWith(await bed.run(['install']), alpha.file, alpha.sha256, other.sha256);
      nothingLeft(bed, alpha);
      nothingLeft(bed, other);
    },
  },
  {
    number: 2,
    title: 'Download cut once',
    expected: 'resumed where it broke, or tried again',
    async run() {
      const cut = forFile(alpha, ({ nth }) => (nth === 1 ? { body: alpha.bytes, cutAfter: 70_000 } : undefined));
      await using bed = await openBed([alpha], { rule: cut });
      succeeded(await bed.run(['install']));
      complete(bed.libraryPath(), ['alpha']);
      const again = bed.index.seen.filter(({ path }) => path === `/files/${alpha.file}`)[1];
      equal(again?.headers.range?.startsWith('bytes='), true);
      // Without ranges it is read from the start.
      await using plain = await openBed([alpha], { rule: cut, ranges: false });
      succeeded(await plain.run(['install']));
      complete(plain.libraryPath(), ['alpha']);
    },
  },
  {
    number: 3,
    title: 'Download always cut',
    expected: 'fails in less than 30 s, clean',
    slow: true,
    async run() {
      await using bed = await openBed([alpha], {
        ranges: false,
        rule: forFile(alpha, () => ({ body: alpha.bytes, cutAfter: 1000 })),
      });
      const started = performance.now();
      failedWith(await bed.run(['install']), alpha.file, 'the connection was lost');
      ok(performance.now() - started < 30_000);
      nothingLeft(bed, alpha);
    },
  },
  {
    number: 4,
    title: 'Index answers 503 twice, then 200',
    expected: 'tried again with growing pauses, succeeds',
    async run() {
      await using bed = await openBed([alpha], {
        lock: false,
        rule: forPage('alpha', ({ nth }) => (nth <= 2 ? { status: 503, body: 'busy' } : undefined)),
      });
      succeeded(await bed.run(['lock']));
    },
  },
  {
    number: 5,
    title: '429 with Retry-After',
    expected: 'waits as told',
    async run() {
      const at: number[] = [];
      await using bed = await openBed([alpha], {
        lock: false,
        rule: forPage('alpha', ({ nth }) => {
          at.push(performance.now());
          return nth === 1 ? { status: 429, headers: { 'retry-after': '1' }, body: '' } : undefined;
        }),
      });
      succeeded(await bed.run(['lock']));
      const waited = (at[1] ?? 0) - (at[0] ?? 0);
      ok(waited >= 950 && waited < 5000, `waited ${waited} ms`);
    },
  },
  {
    number: 6,
    title: 'Server accepts and never answers',
    expected: 'read timeout, said so, in less than 60 s',
    slow: true,
    async run() {
      await using bed = await openBed([alpha], { lock: false, rule: forPage('alpha', () => ({ stall: true })) });
      const started = performance.now();
      const result = await bed.run(['lock'], { env: { POETRY_REQUESTS_TIMEOUT: '1' } });
      failedWith(result, 'the server stopped answering', 'POETRY_REQUESTS_TIMEOUT', '/simple/alpha/');
      ok(performance.now() - started < 10_000);
      equal(bed.home.exists('poetry.lock'), false);
    },
  },
  {
    number: 7,
    title: 'Body trickles a byte at a time',
    expected: 'given up, said so',
    slow: true,
    async run() {
      await using bed = await openBed([alpha], {
        rule: forFile(alpha, () => ({ body: alpha.bytes, trickle: 100 })),
      });
      const started = performance.now();
      const result = await bed.run(['install'], { env: { POETRY_REQUESTS_TIMEOUT: '1' } });
      failedWith(result, 'the server stopped answering', alpha.file);
      ok(performance.now() - started < 20_000);
      nothingLeft(bed, alpha);
    },
  },
  {
    number: 8,
    title: 'A login page with status 200 in place of the index',
    expected: '"not an index", not "no such package"',
    async run() {
      const pages = [
        '<!DOCTYPE html><html><body><h1>Sign in</h1><form action="/login"><input name="user"></form></body></html>',
        '<!DOCTYPE html><html><head><title>Sign in</title><script src="/sso.js"></script></head><body><noscript>Enable JavaScript</noscript></body></html>',
        '<html><head><meta http-equiv="refresh" content="0; url=/sso"></head><body></body></html>',
      ];
      for (const page of pages) {
        await using bed = await openBed([alpha], { lock: false, rule: forPage('alpha', () => html(page)) });
        failedWith(await bed.run(['lock']), 'does not look like a package index', '/simple/alpha/');
        equal(bed.home.exists('poetry.lock'), false);
      }
      await using bed = await openBed([alpha], {
        lock: false,
        rule: ({ path }) =>
          path === '/login' ? html(pages[0] ?? '') : { status: 302, headers: { location: '/login' }, body: '' },
      });
      failedWith(await bed.run(['lock']), 'does not look like a package index');
    },
  },
  {
    number: 9,
    title: 'JSON of the index cut short, or of another shape',
    expected: '"not an index", nothing kept',
    async run() {
      const json = (body: string, type = 'application/vnd.pypi.simple.v1+json'): Reply => ({
        headers: { 'content-type': type },
        body,
      });
      const replies = [
        json('{"meta": {"api-version": "1.1"}, "name": "alpha", "files": [{"filename": "alp'),
        json('[]'),
        json('{"message": "not today"}'),
        json('{"files": 3}'),
        json('{"meta": {"api-version": "2.0"}, "files": []}'),
        json('{"files": []}', 'application/problem+json'),
      ];
      let reply = replies[0];
      await using bed = await openBed([alpha], { lock: false, rule: forPage('alpha', () => reply) });
      for (reply of replies)
        failedWith(await bed.run(['lock']), 'does not look like a package index', '/simple/alpha/');
      cacheIsClean(bed);
      reply = undefined;
      succeeded(await bed.run(['lock']));
    },
  },
];

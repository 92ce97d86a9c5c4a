/** Cases 27 to 33 and 36: which index is asked, whom it takes us for, and what it says of a release. */

import { deepEqual, equal, match, ok } from 'node:assert/strict';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { manifestOf } from '../../support/run-tercet.ts';
import { buildWheel } from '../../support/wheel-builder.ts';
import { complete, type FaultCase, failedWith, filesWith, MACHINE, openBed, succeeded } from '../bed.ts';
import { testCertificates } from '../certificates.ts';
import { type FaultServer, forFile, forPage, startFaultServer } from '../fault-server.ts';

const alpha = buildWheel({ name: 'alpha', version: '1.0' });
const impostor = buildWheel({ name: 'alpha', version: '99.0' });
const SECRET = 'zUgzwang9secret';
const basic = (user: string, password: string): string => `Basic ${btoa(`${user}:${password}`)}`;

function source(name: string, url: string, priority: string): string {
  return `\n[[tool.poetry.source]]\nname = "${name}"\nurl = "${url}"\npriority = "${priority}"\n`;
}

const withLogin = (url: string, password = SECRET): string => url.replace('//', `//user:${password}@`);

/** What stood in the Authorization headers that a server was sent. */
const logins = ({ seen }: FaultServer): readonly (string | undefined)[] => [
  ...new Set(seen.map(({ headers }) => headers.authorization)),
];

export const INDEX_CASES: readonly FaultCase[] = [
  {
    number: 27,
    title: 'Dependency confusion: 1.0 on the first index, 99.0 on the second',
    expected: '1.0',
    async run() {
      await using first = await startFaultServer([alpha]);
      await using second = await startFaultServer([impostor]);
      const more = source('first', first.url, 'primary') + source('second', second.url, 'supplemental');
      await using bed = await openBed([], { requires: ['alpha'], more });
      match(bed.home.read('poetry.lock'), /version = "1\.0"/);
      deepEqual(second.seen, []);
      await using own = await openBed([impostor], { requires: ['alpha'], more: source('first', first.url, 'primary') });
      match(own.home.read('poetry.lock'), /version = "1\.0"/);
      deepEqual(own.index.seen, []);
    },
  },
  {
    number: 28,
    title: 'First index answers 401, 403 or 5xx for the name',
    expected: 'stops, does not go on to the next index',
    async run() {
      for (const status of [401, 403, 500, 503]) {
        await using first = await startFaultServer([alpha], {
          rule: () => ({ status, headers: { 'retry-after': '0' }, body: 'no' }),
        });
        await using second = await startFaultServer([impostor]);
        const more = source('first', first.url, 'primary') + source('second', second.url, 'supplemental');
        await using bed = await openBed([], { requires: ['alpha'], more, lock: false });
        failedWith(await bed.run(['lock']), String(status), `${first.url}alpha/`);
        deepEqual(second.seen, []);
        equal(bed.home.exists('poetry.lock'), false);
      }
      // A bucket of files says 403 for what is not in it.
      const denied = '<?xml version="1.0"?>\n<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>';
      await using first = await startFaultServer([], {
        rule: () => ({ status: 403, headers: { 'content-type': 'application/xml' }, body: denied }),
      });
      await using second = await startFaultServer([alpha]);
      const more = source('first', first.url, 'primary') + source('second', second.url, 'supplemental');
      await using bed = await openBed([], { requires: ['alpha'], more });
      match(bed.home.read('poetry.lock'), /version = "1\.0"/);
    },
  },
  {
    number: 29,
    title: 'Source of the lock replaced by another index in pyproject.toml',
    expected: 'told, nothing is fetched from there',
    async run() {
      await using first = await startFaultServer([alpha]);
      await using second = await startFaultServer([alpha]);
      await using bed = await openBed([], { requires: ['alpha'], more: source('own', first.url, 'primary') });
      bed.home.write('pyproject.toml', manifestOf(['alpha'], source('own', second.url, 'primary')));
      failedWith(await bed.run(['install']), 'pyproject.toml changed significantly', 'poetry lock');
      deepEqual(second.seen, []);
    },
  },
  {
    number: 30,
    title: 'Password in the address of an index: lock, output, cache, errors',
    expected: 'nowhere',
    async run(thorough) {
      const said: string[] = [];
      const beta = buildWheel({ name: 'beta' });
      await using own = await startFaultServer([alpha], { credentials: { user: 'user', password: SECRET } });
      await using bed = await openBed([beta], {
        requires: ['alpha', 'beta'],
        more:
          source('own', withLogin(own.url), 'primary') + source('PyPI', '', 'supplemental').replace('url = ""\n', ''),
        lock: false,
        credentials: { user: 'user', password: SECRET },
      });
      const env = { TERCET_INDEX_URL: withLogin(bed.index.url) };
      const run = async (args: readonly string[], more: Readonly<Record<string, string>> = {}) => {
        const result = await bed.run(args, { env: { ...env, ...more } });
        said.push(result.stdout, result.stderr);
        return result;
      };
      succeeded(await run(['lock', '-vvv']));
      succeeded(await run(['install', '-vvv']));
      complete(bed.libraryPath(), ['alpha', 'beta']);
      succeeded(await run(['show', '-vvv']));
      failedWith(await run(['add', 'nowhere', '-vvv']), 'nowhere');
      failedWith(await run(['add', 'nowhere', '-vvv'], { TERCET_INDEX_URL: withLogin(bed.index.url, `x${SECRET}`) }));
      const closed = `http://user:${SECRET}@127.0.0.1:1/simple/`;
      if (thorough) failedWith(await run(['add', 'nowhere'], { TERCET_INDEX_URL: closed }));
      for (const text of said) ok(!text.includes(SECRET), text);
      const holding = filesWith(bed.home.path, SECRET).filter((path) => !path.endsWith('pyproject.toml'));
      deepEqual(holding, []);
      deepEqual(filesWith(bed.home.path, btoa(`user:${SECRET}`)), []);
    },
  },
  {
    number: 31,
    title: 'Redirect to another host',
    expected: 'credentials stay behind',
    async run() {
      await using elsewhere = await startFaultServer([alpha]);
      await using bed = await openBed([alpha], {
        lock: false,
        rule: ({ path }) => ({ status: 302, headers: { location: `${elsewhere.origin}${path}` }, body: '' }),
      });
      const env = { TERCET_INDEX_URL: withLogin(bed.index.url) };
      succeeded(await bed.run(['lock'], { env }));
      succeeded(await bed.run(['install'], { env }));
      ok(logins(bed.index).includes(basic('user', SECRET)));
      deepEqual(logins(elsewhere), [undefined]);
    },
  },
  {
    number: 32,
    title: 'Redirect from https to http',
    expected: 'refused',
    async run() {
      const { key, cert, authority } = testCertificates();
      await using plain = await startFaultServer([alpha]);
      const away = { status: 302, headers: { location: `${plain.origin}/simple/alpha/` }, body: '' };
      await using bed = await openBed([alpha], { lock: false, tls: { key, cert }, rule: forPage('alpha', () => away) });
      const env = { SSL_CERT_FILE: authority };
      failedWith(await bed.run(['lock'], { env }), 'redirects from https to http');
      deepEqual(plain.seen, []);
      const file = { status: 302, headers: { location: plain.fileUrl(alpha) }, body: '' };
      await using other = await openBed([alpha], { lock: false, tls: { key, cert }, rule: forFile(alpha, () => file) });
      succeeded(await other.run(['lock'], { env }));
      failedWith(await other.run(['install'], { env }), 'redirects from https to http');
      deepEqual(plain.seen, []);
    },
  },
  {
    number: 33,
    title: 'Credentials: address, settings, netrc, keyring; netrc for other hosts',
    expected: 'in this order; none for other hosts',
    async run() {
      const netrc = (host: string): string => `machine ${host} login net password rc\n`;
      const asked = async (options: {
        readonly netrc?: string;
        readonly url?: (plain: string) => string;
        readonly env?: Readonly<Record<string, string>>;
      }): Promise<readonly (string | undefined)[]> => {
        await using own = await startFaultServer([alpha]);
        const url = options.url?.(own.url) ?? own.url;
        await using bed = await openBed([], { requires: ['alpha'], more: source('own', url, 'primary'), lock: false });
        if (options.netrc !== undefined) writeFileSync(join(bed.home.path, '.netrc'), options.netrc, { mode: 0o600 });
        succeeded(await bed.run(['lock'], { env: { ...options.env } }));
        return logins(own);
      };
      const configured = { POETRY_HTTP_BASIC_OWN_USERNAME: 'con', POETRY_HTTP_BASIC_OWN_PASSWORD: 'fig' };
      deepEqual(await asked({}), [undefined]);
      deepEqual(await asked({ netrc: netrc('127.0.0.1') }), [basic('net', 'rc')]);
      deepEqual(await asked({ netrc: netrc('elsewhere.example') }), [undefined]);
      deepEqual(await asked({ netrc: netrc('127.0.0.1'), env: configured }), [basic('con', 'fig')]);
      deepEqual(await asked({ env: configured, url: (plain) => withLogin(plain, 'pw') }), [basic('user', 'pw')]);

      // The keyring is asked when a server has refused, and only for that server.
      await using locked = await startFaultServer([alpha], { credentials: { user: 'key', password: 'ring' } });
      await using bed = await openBed([], {
        requires: ['alpha'],
        more: source('own', locked.url, 'primary'),
        lock: false,
      });
      const bin = join(bed.home.path, 'bin');
      mkdirSync(bin);
      const program = `#!/bin/sh\necho "$@" >> "${bed.home.path}/keyring.log"\ncase "$*" in *127.0.0.1*) echo '{"username":"key","password":"ring"}';; *) exit 1;; esac\n`;
      writeFileSync(join(bin, 'keyring'), program);
      chmodSync(join(bin, 'keyring'), 0o755);
      const env = { POETRY_KEYRING_ENABLED: 'true', PATH: `${bin}:${MACHINE.PATH}` };
      const result = await bed.run(['lock'], { env });
      if (result.code !== 0) failedWith(result, 'asks for credentials');
      const log = filesWith(bed.home.path, '127.0.0.1').some((path) => path.endsWith('keyring.log'));
      ok(log, 'the keyring was not asked');
    },
  },
  {
    number: 36,
    title: 'Newest release yanked',
    expected: 'not chosen; kept with a warning if locked',
    async run() {
      const newest = { ...buildWheel({ name: 'alpha', version: '2.0' }), yanked: 'broken' };
      await using bed = await openBed([alpha, newest], { requires: ['alpha'] });
      match(bed.home.read('poetry.lock'), /version = "1\.0"/);
      await using pinned = await openBed([alpha, newest], { requires: ['alpha==2.0'], lock: false });
      ok(succeeded(await pinned.run(['lock'])).stderr.includes('yanked'));
      const installed = succeeded(await pinned.run(['install']));
      ok(installed.stderr.includes('broken'), installed.stderr);
      complete(pinned.libraryPath(), ['alpha']);
    },
  },
];

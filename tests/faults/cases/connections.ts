/** Cases 34 and 35: certificates and proxies. */

import { deepEqual, equal, ok } from 'node:assert/strict';
import { buildWheel } from '../../support/wheel-builder.ts';
import { complete, type FaultCase, failedWith, openBed, succeeded } from '../bed.ts';
import { testCertificates } from '../certificates.ts';
import { startProxy } from '../proxy.ts';

const alpha = buildWheel({ name: 'alpha', version: '1.0' });
const PASSWORD = 'pr0xypassw0rd';

export const CONNECTION_CASES: readonly FaultCase[] = [
  {
    number: 34,
    title: 'Own CA by SSL_CERT_FILE, REQUESTS_CA_BUNDLE, PIP_CERT and others; a wrong one',
    expected: 'works; else a clear error at once',
    async run() {
      const { key, cert, authority, stranger } = testCertificates();
      const tls = { key, cert };
      for (const variable of [
        'SSL_CERT_FILE',
        'REQUESTS_CA_BUNDLE',
        'CURL_CA_BUNDLE',
        'PIP_CERT',
        'NODE_EXTRA_CA_CERTS',
      ]) {
        await using bed = await openBed([alpha], { tls, lock: false });
        succeeded(await bed.run(['lock'], { env: { [variable]: authority } }));
      }
      await using bed = await openBed([alpha], { tls, lock: false });
      for (const env of [{}, { SSL_CERT_FILE: stranger }]) {
        const started = performance.now();
        failedWith(await bed.run(['lock'], { env }), 'The certificate of 127.0.0.1', 'is not trusted', 'SSL_CERT_FILE');
        ok(performance.now() - started < 2000, 'it was tried again');
      }
      const missing = await bed.run(['lock'], { env: { REQUESTS_CA_BUNDLE: '/does/not/exist.pem' } });
      failedWith(missing, '/does/not/exist.pem', 'REQUESTS_CA_BUNDLE');
      deepEqual(bed.index.seen, []);
    },
  },
  {
    number: 35,
    title: 'HTTP_PROXY, HTTPS_PROXY, NO_PROXY, a proxy with a password',
    expected: 'works, the password is not shown',
    async run(thorough) {
      await using bed = await openBed([alpha], { lock: false });
      await using proxy = await startProxy(bed.index.port, { user: 'me', password: PASSWORD });
      const address = (password: string): string => `http://me:${password}@127.0.0.1:${proxy.port}`;
      const far = { TERCET_INDEX_URL: 'http://index.example/simple/' };
      succeeded(await bed.run(['lock', '-vvv'], { env: { ...far, HTTP_PROXY: address(PASSWORD) } }));
      succeeded(await bed.run(['install'], { env: { ...far, http_proxy: address(PASSWORD) } }));
      complete(bed.libraryPath(), ['alpha']);
      ok(proxy.asked.some((line) => line === 'GET http://index.example/simple/alpha/'));

      const wrong = `x${PASSWORD}`;
      const refused = await bed.run(['lock', '--regenerate', '--no-cache', '-vvv'], {
        env: { ...far, HTTP_PROXY: address(wrong) },
      });
      failedWith(refused);
      equal(`${refused.stdout}${refused.stderr}`.includes(PASSWORD), false);

      const before = proxy.asked.length;
      const near = { HTTP_PROXY: address(PASSWORD), NO_PROXY: '127.0.0.1' };
      succeeded(await bed.run(['lock', '--regenerate', '--no-cache'], { env: near }));
      equal(proxy.asked.length, before);

      const { key, cert, authority } = testCertificates();
      await using safe = await openBed([alpha], { tls: { key, cert }, lock: false });
      await using tunnel = await startProxy(safe.index.port, { user: 'me', password: PASSWORD });
      const HTTPS_PROXY = `http://me:${PASSWORD}@127.0.0.1:${tunnel.port}`;
      const env = { TERCET_INDEX_URL: 'https://localhost/simple/', HTTPS_PROXY, SSL_CERT_FILE: authority };
      succeeded(await safe.run(['lock'], { env }));
      ok(tunnel.asked.includes('CONNECT localhost:443'));
      if (!thorough) return;
      const closed = await safe.run(['lock', '--no-cache', '--regenerate'], {
        env: { ...env, HTTPS_PROXY: HTTPS_PROXY.replace(String(tunnel.port), '1') },
      });
      failedWith(closed, 'proxy', '127.0.0.1:1');
      equal(`${closed.stdout}${closed.stderr}`.includes(PASSWORD), false);
    },
  },
];

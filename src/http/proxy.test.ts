import { expect, test } from 'bun:test';
import { proxyFor } from './proxy.ts';

const env = {
  HTTPS_PROXY: 'http://secure.example:3128',
  HTTP_PROXY: 'plain.example:3128',
  NO_PROXY: 'localhost, .inner.example,port.example:8443,10.0.0.0/8,[::1]',
};

test.each([
  ['https://index.example/', 'http://secure.example:3128'],
  ['http://index.example/', 'http://plain.example:3128'],
  ['https://localhost/', undefined],
  ['https://a.inner.example/', undefined],
  ['https://inner.example/', undefined],
  ['https://notinner.example/', 'http://secure.example:3128'],
  ['https://port.example:8443/', undefined],
  ['https://port.example/', 'http://secure.example:3128'],
  ['http://10.1.2.3/', undefined],
  ['http://11.1.2.3/', 'http://plain.example:3128'],
  ['http://[::1]:8080/', undefined],
])('%s goes through %p', (url, proxy) => {
  expect(proxyFor(new URL(url), env)).toBe(proxy);
});

test('small letters win, ALL_PROXY is the last resort, * means no proxy at all', () => {
  const url = new URL('https://index.example/');
  expect(proxyFor(url, { https_proxy: 'http://a.example', HTTPS_PROXY: 'http://b.example' })).toBe('http://a.example');
  expect(proxyFor(url, { ALL_PROXY: 'http://c.example' })).toBe('http://c.example');
  expect(proxyFor(url, { ALL_PROXY: 'http://c.example', no_proxy: '*' })).toBeUndefined();
  expect(proxyFor(url, {})).toBeUndefined();
});

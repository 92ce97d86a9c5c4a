/**
 * The graph's page in a headless Chromium, over its debugging pipe: `npm run test:browser`. Skipped, and said so, where there is none.
 */

import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { GraphPackage, PackageGraph } from '../../src/app/graph.ts';
import { graphPage } from '../../src/render/graph-page.ts';

const chromium = ['chromium', 'chromium-browser', 'google-chrome', 'chrome']
  .map((name) => Bun.which(name))
  .find((path) => path !== null);
if (chromium === undefined) console.log('No Chromium on PATH: the tests of the graph in a browser are skipped.');

const NOW = Date.parse('2026-06-01T00:00:00Z');

function pack(name: string, more: Partial<GraphPackage>): GraphPackage {
  const plain = { version: '1.0', description: '', groups: ['main'], direct: [], optional: false, requires: [] };
  return { name, ...plain, size: 1000, published: NOW - 864e5 * 400, license: 'MIT', source: undefined, ...more };
}

const GRAPH: PackageGraph = {
  project: { name: 'demo </script>', version: '1.0' },
  groups: ['main', 'dev'],
  packages: [
    pack('alpha', { direct: ['main'], requires: [[1, '>=1']], size: 5_000_000 }),
    pack('beta', { requires: [[2, '*']], license: 'Apache-2.0' }),
    pack('gamma', { description: '<img src=x onerror=alert(1)> </script><!--' }),
    pack('delta', {
      direct: ['dev'],
      groups: ['dev'],
      requires: [[1, '<2']],
      license: undefined,
      size: undefined,
      published: undefined,
    }),
  ],
};

describe.skipIf(chromium === undefined)('in Chromium', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tercet-graph-'));
  let browser: Bun.Subprocess;
  let socket: WebSocket;
  let next = 1;
  const waiting = new Map<number, (value: { result?: { result?: { value?: unknown } } }) => void>();

  const send = (method: string, params: object = {}) =>
    new Promise<{ result?: { result?: { value?: unknown } } }>((resolve) => {
      waiting.set(next, resolve);
      socket.send(JSON.stringify({ id: next++, method, params }));
    });
  const evaluate = async (expression: string) =>
    (await send('Runtime.evaluate', { expression, returnByValue: true })).result?.result?.value;

  beforeAll(async () => {
    const page = join(folder, 'graph.html');
    writeFileSync(page, graphPage(GRAPH, NOW));
    browser = Bun.spawn(
      [
        chromium ?? '',
        '--headless',
        '--no-sandbox',
        '--disable-gpu',
        '--remote-debugging-port=0',
        `--user-data-dir=${folder}/profile`,
        `file://${page}`,
      ],
      { stdout: 'ignore', stderr: 'pipe' },
    );
    let said = '';
    const decoder = new TextDecoder();
    for await (const chunk of browser.stderr as ReadableStream<Uint8Array>) {
      said += decoder.decode(chunk, { stream: true });
      if (said.includes('DevTools listening on')) break;
    }
    const port = /ws:\/\/127\.0\.0\.1:(\d+)/.exec(said)?.[1];
    let target: string | undefined;
    while (target === undefined) {
      const list = (await (await fetch(`http://127.0.0.1:${port}/json`)).json()) as {
        url: string;
        webSocketDebuggerUrl: string;
      }[];
      target = list.find(({ url }) => url.endsWith('graph.html'))?.webSocketDebuggerUrl;
    }
    socket = new WebSocket(target);
    socket.onmessage = ({ data }) => {
      const message = JSON.parse(String(data));
      waiting.get(message.id)?.(message);
    };
    await new Promise((resolve) => {
      socket.onopen = resolve;
    });
    while ((await evaluate('document.documentElement.dataset.ready')) !== 'true') await Bun.sleep(20);
  }, 30_000);

  afterAll(async () => {
    socket?.close();
    browser?.kill();
    await browser?.exited;
    rmSync(folder, { recursive: true, force: true });
  });

  const classes = (name: string) =>
    evaluate(
      `[...document.querySelectorAll('.node')].find((one) => one.textContent === '${name}')?.getAttribute('class')`,
    );
  const click = (selector: string) => evaluate(`document.querySelector('${selector}').click()`);

  test('every package and every line is drawn, and nothing of the data is taken for markup', async () => {
    expect(
      await evaluate(`document.querySelectorAll('.node').length + ' ' + document.querySelectorAll('.edge').length`),
    ).toBe('4 3');
    expect(await evaluate(`document.querySelector('h1').textContent + document.images.length`)).toBe(
      'demo </script> 1.00',
    );
  });

  test('why a package is there', async () => {
    await evaluate(
      `location.hash = ''; [...document.querySelectorAll('#detail button')].find((one) => one.textContent === 'beta').click()`,
    );
    expect(await evaluate(`[...document.querySelectorAll('.path')].map((one) => one.textContent).join(' | ')`)).toBe(
      'alpha→beta | delta→beta',
    );
    expect(await classes('gamma')).toContain('needs');
    expect(await classes('alpha')).toContain('needed');
    expect(await evaluate(`document.querySelectorAll('.edge.why').length`)).toBe(1);
  });

  test('search, filters, the list', async () => {
    await evaluate(
      `const field = document.getElementById('search'); field.value = 'onerror'; field.dispatchEvent(new Event('input'))`,
    );
    expect(await evaluate(`document.querySelector('#detail h2').textContent`)).toBe('gamma');
    await click('#reset');
    await click('#groups input');
    expect(await evaluate(`document.querySelectorAll('.node').length`)).toBe(3);
    await click('#reset');
    await click('#view-list');
    await evaluate(
      `[...document.querySelectorAll('th button')].find((one) => one.textContent.startsWith('Size')).click()`,
    );
    expect(await evaluate(`document.querySelector('tbody tr td').textContent`)).toBe('alpha1.0');
  });

  test('nothing is loaded from anywhere', async () => {
    expect(await evaluate(`performance.getEntriesByType('resource').length`)).toBe(0);
  });
});

/** The page as a text; what it does is tested in a browser (tests/browser). */

import { expect, test } from 'bun:test';
import { graphPage } from './graph-page.ts';
import { GRAPH_SCRIPT } from './graph-script.ts';

test('data cannot end their element, and nothing is loaded', () => {
  const page = graphPage(
    {
      project: { name: '</title><b>', version: undefined },
      groups: ['main'],
      packages: [
        {
          name: '</script><script>alert(1)',
          version: '1',
          description: '\u2028<!--',
          groups: [],
          direct: [],
          optional: false,
          size: undefined,
          published: undefined,
          license: undefined,
          source: undefined,
          requires: [],
        },
      ],
    },
    0,
  );
  expect(page.split('</script>').length).toBe(3);
  expect(page).not.toContain('<b>');
  expect(page).not.toMatch(/(?:src|href)="|url\(|@import/);
  const data = /id="data">(.*)<\/script>/.exec(page)?.[1] ?? '';
  expect(JSON.parse(data).packages[0].name).toBe('</script><script>alert(1)');
});

test('the script is one that can be read', () => {
  expect(() => new Function(GRAPH_SCRIPT)).not.toThrow();
  expect(GRAPH_SCRIPT).not.toContain('</script');
});

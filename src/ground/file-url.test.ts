import { expect, test } from 'bun:test';
import { fileUrl, pathOfFileUrl } from './file-url.ts';

test.each([
  ['/a/b.whl', 'file:///a/b.whl'],
  ['/a b/x-1.0+local.1-py3-none-any.whl', 'file:///a%20b/x-1.0%2Blocal.1-py3-none-any.whl'],
  ["/~x/é(1)!'*@:,=;&$", 'file:///~x/%C3%A9%281%29%21%27%2A%40%3A%2C%3D%3B%26%24'],
  ['C:\\a\\b', 'file:///C:/a/b'],
])('%s', (path, url) => expect(fileUrl(path)).toBe(url));

test.each([
  ['/a%20b/c', '/a b/c'],
  ['/C:/a%20b', 'C:/a b'],
  ['/C:x', '/C:x'],
  ['relative', 'relative'],
])('the path of an address: %s', (path, expected) => expect(pathOfFileUrl(path)).toBe(expected));

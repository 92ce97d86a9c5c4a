/** Expected texts are what Python 3.11 prints. */

import { expect, test } from 'bun:test';
import { bytesRepr, textRepr } from './python-repr.ts';

test.each([
  ['plain', "'plain'"],
  ["it's", '"it\'s"'],
  ['it\'s "so"', "'it\\'s \"so\"'"],
  ['tab\tline\nreturn\rback\\', "'tab\\tline\\nreturn\\rback\\\\'"],
  ['\u0000\u001b\u007f\u00a0\u200b', "'\\x00\\x1b\\x7f\\xa0\\u200b'"],
  ['ü日😀', "'ü日😀'"],
  ['\u{e0001}', "'\\U000e0001'"],
])('%j', (text, shown) => {
  expect(textRepr(text)).toBe(shown);
});

test('bytes', () => {
  expect(bytesRepr(Buffer.from('a\'b"\n'))).toBe("b'a\\'b\"\\n'");
  expect(bytesRepr(Uint8Array.of(0, 0x41, 0x7f, 0x80, 0xfc, 0xff))).toBe("b'\\x00A\\x7f\\x80\\xfc\\xff'");
});

/** A form with a file as the body of a request, streamed (RFC 7578). */

import { createReadStream, statSync } from 'node:fs';
import { basename } from 'node:path';
import type { Field } from './upload-fields.ts';

export interface MultipartBody {
  readonly contentType: string;
  /** Bytes in all. */
  readonly length: number;
  /** The body, from its beginning at each call; `onProgress` is told how many bytes have been taken so far. */
  chunks(onProgress: (sent: number) => void): AsyncGenerator<Uint8Array>;
}

/** The body that holds the fields in order and, last, the file as `content`. Throws the file system's error. */
export function multipartBody(fields: readonly Field[], file?: string): MultipartBody {
  const boundary = crypto.randomUUID().replaceAll('-', '');
  const parts = fields.map(
    ([name, value]) => `--${boundary}\r\nContent-Disposition: form-data; name="${quoted(name)}"\r\n\r\n${value}\r\n`,
  );
  if (file !== undefined) {
    parts.push(
      `--${boundary}\r\nContent-Disposition: form-data; name="content"; filename="${quoted(basename(file))}"\r\n` +
        'Content-Type: application/octet-stream\r\n\r\n',
    );
  }
  const head = Buffer.from(parts.join(''));
  const tail = Buffer.from(`${file === undefined ? '' : '\r\n'}--${boundary}--\r\n`);
  const size = file === undefined ? 0 : statSync(file).size;
  return {
    contentType: `multipart/form-data; boundary=${boundary}`,
    length: head.length + size + tail.length,
    async *chunks(onProgress) {
      let sent = 0;
      const passed = (chunk: Uint8Array): Uint8Array => {
        sent += chunk.length;
        onProgress(sent);
        return chunk;
      };
      yield passed(head);
      if (file !== undefined && size > 0) {
        // No more than was announced, whatever becomes of the file meanwhile.
        const stream = createReadStream(file, { end: size - 1, highWaterMark: 256 * 1024 });
        for await (const chunk of stream as AsyncIterable<Uint8Array>) yield passed(chunk);
      }
      yield passed(tail);
    },
  };
}

/** Quotes and line breaks as browsers escape them. */
function quoted(text: string): string {
  return text.replaceAll('"', '%22').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

/** The body of a reply: read whole or in pieces, and not shorter than the server announced. */

import { TercetError } from '../ground/error.ts';
import type { Watch } from './watch.ts';

/** The whole body. Throws `transfer-lost`, also where `hasBody` and it is shorter or longer than was announced. */
export async function readAtOnce(response: Response, hasBody: boolean): Promise<Uint8Array> {
  try {
    const body = await response.bytes();
    if (hasBody) checkLength(response, body.length);
    return body;
  } catch (cause) {
    throw new TercetError('transfer-lost', 'The connection was lost', { cause });
  }
}

/** The whole body, watched while it arrives. Throws `transfer-lost`. */
export async function readInPieces(response: Response, watch: Watch): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of pieces(response, watch, () => undefined)) {
    parts.push(chunk);
    length += chunk.length;
  }
  const [only] = parts;
  return parts.length === 1 && only !== undefined ? only : Buffer.concat(parts, length);
}

/** The body, with its length checked against what the server announced; `close` is called at its end, whatever that is. Throws `transfer-lost`. */
export async function* pieces(response: Response, watch: Watch, close: () => void): AsyncGenerator<Uint8Array> {
  let received = 0;
  try {
    if (response.body !== null) {
      for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
        received += chunk.length;
        watch.progress(chunk.length);
        yield chunk;
      }
    }
    if (response.body !== null) checkLength(response, received);
  } catch (cause) {
    throw new TercetError('transfer-lost', 'The connection was lost', { cause });
  } finally {
    close();
  }
}

/** Throws where not all came that the server announced. */
function checkLength({ headers }: Response, received: number): void {
  const announced = headers.get('content-encoding') === null ? headers.get('content-length') : null;
  if (announced !== null && received !== Number(announced)) {
    throw Object.assign(new Error(`${received} of ${announced} bytes came`), { code: 'ECONNRESET' });
  }
}

/** Ends a reply of which nothing more is wanted. */
export function discard(response: Response): void {
  response.body?.cancel().catch(() => undefined);
}

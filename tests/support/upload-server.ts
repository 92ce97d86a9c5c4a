/** An index on the loopback interface that takes uploads, and mints tokens for CI jobs. */

/** An upload as it came in. */
export interface Upload {
  readonly authorization: string | null;
  readonly contentLength: string | null;
  /** Fields in order; the file's is its name and length. */
  readonly fields: readonly (readonly [name: string, value: string])[];
}

export interface UploadServer {
  readonly url: string;
  readonly uploads: readonly Upload[];
  /** What was asked for beside uploads: method, path, authorization, body. */
  readonly requests: readonly string[];
  [Symbol.asyncDispose](): Promise<void>;
}

export interface UploadServerOptions {
  /** The answer to an upload; the number counts from zero. Default: 200. */
  readonly answer?: (upload: Upload, number: number) => Response;
  /** Answers by path for everything else. */
  readonly others?: Readonly<Record<string, unknown>>;
}

export function startUploadServer({ answer, others = {} }: UploadServerOptions = {}): UploadServer {
  const uploads: Upload[] = [];
  const requests: string[] = [];
  const server = Bun.serve({
    hostname: '127.0.0.1',
    port: 0,
    async fetch(request) {
      const url = new URL(request.url);
      const bytes = new Uint8Array(await request.arrayBuffer());
      const authorization = request.headers.get('authorization');
      const type = request.headers.get('content-type') ?? '';
      if (!type.startsWith('multipart/form-data')) {
        const body = Buffer.from(bytes).toString();
        requests.push([request.method, url.pathname + url.search, authorization ?? '-', body].join(' ').trim());
        const other = others[url.pathname];
        return other === undefined ? new Response('no', { status: 404 }) : Response.json(other);
      }
      const form = await new Response(bytes, { headers: { 'content-type': type } }).formData();
      const upload: Upload = {
        authorization,
        contentLength: request.headers.get('content-length'),
        fields: [...form.entries()].map(([name, value]) => [
          name,
          typeof value === 'string' ? value : `${value.name} ${value.size}`,
        ]),
      };
      uploads.push(upload);
      return answer?.(upload, uploads.length - 1) ?? new Response('ok');
    },
  });
  return {
    url: `http://127.0.0.1:${server.port}/`,
    uploads,
    requests,
    async [Symbol.asyncDispose]() {
      await server.stop(true);
    },
  };
}

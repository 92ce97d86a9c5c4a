/** A folder on the loopback interface, as a release site has it. */

import { join } from 'node:path';

export interface FolderServer {
  /** Its address, without a slash at its end. */
  readonly url: string;
  stop(): Promise<void>;
}

/** Serves the files below `folder` on a free port; what is not there is a 404. */
export function serveFolder(folder: string): FolderServer {
  const server = Bun.serve({
    hostname: '127.0.0.1',
    port: 0,
    async fetch(request) {
      const file = Bun.file(join(folder, new URL(request.url).pathname));
      return (await file.exists()) ? new Response(file) : new Response('not found', { status: 404 });
    },
  });
  return { url: `http://127.0.0.1:${server.port}`, stop: () => server.stop(true) };
}

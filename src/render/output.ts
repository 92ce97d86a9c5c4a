/** Writing to the process's streams: at once, in order, whatever they are. */

import { writeSync } from 'node:fs';
import { stayAsItIs } from '../process/tuned.ts';
import type { Stream } from './plain.ts';

/** Writes all of `text`. A reader that went away (`| head`) ends the process with success, as in Poetry. */
export function writeOut(stream: Stream, text: string): void {
  stayAsItIs();
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; ) {
    try {
      at += writeSync(stream === 'out' ? 1 : 2, bytes, at);
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? error.code : undefined;
      if (code === 'EAGAIN') Bun.sleepSync(1);
      else if (code === 'EPIPE') process.exit(0);
      else throw error;
    }
  }
}

/**
 * Events as plain lines: for pipes, CI and files. A pure fold: nothing is rewritten, each fact has one line, in Poetry's words and on
 * Poetry's stream. `terminal.ts` uses it for all that is not live.
 */

import type { Event } from '../ground/events.ts';
import { operationText, skippedText } from './operation-text.ts';
import type { Paint } from './style.ts';

export type Stream = 'out' | 'err';

/** Text for one stream, with its newline. */
export interface Chunk {
  readonly stream: Stream;
  readonly text: string;
}

export interface PlainOptions {
  /** -1 quiet, 0 normal, 1 to 3 verbose. */
  readonly verbosity: number;
  readonly out: Paint;
  readonly err: Paint;
}

/** What `event` prints; nothing for those that only feed a live display. */
export function plainChunks(event: Event, options: PlainOptions): readonly Chunk[] {
  if (options.verbosity < 0) return [];
  const { out, err } = options;
  switch (event.kind) {
    case 'line': {
      if ((event.level ?? 0) > options.verbosity) return [];
      return [line('out', event.style ? out(event.style, event.text) : event.text)];
    }
    case 'notice':
      return (event.level ?? 0) > options.verbosity ? [] : [line('err', event.text)];
    case 'warning':
      return [line('err', err('warning', event.text))];
    case 'resolve-started':
      return [line('out', out('info', 'Resolving dependencies...'))];
    case 'plan':
      return planChunks(event, options);
    case 'operation-started':
      return [];
    case 'operation-finished': {
      const { operation } = event;
      return [line('out', `  - ${operationText(operation, out, 'success')}${skippedText(operation)}`)];
    }
    case 'operation-failed':
      return [line('out', `  - ${operationText(event.operation, out)}: ${out('error', 'Failed')}`)];
    case 'data':
    case 'resolve-progressed':
    case 'resolve-finished':
    case 'download-started':
    case 'download-progressed':
    case 'download-finished':
    case 'build-started':
    case 'build-finished':
      return [];
    // As Poetry's progress bar where nothing can be drawn over: a line break comes before each further step.
    case 'upload-started':
      return [{ stream: 'err', text: ` - Uploading ${event.file} 0%` }];
    case 'upload-progressed':
      return event.bytes < event.total ? [] : [{ stream: 'err', text: `\n - Uploading ${event.file} 100%` }];
    case 'upload-finished': {
      const exists = `\n - Uploading ${event.file} ${err('warning', 'File exists. Skipping')}`;
      return [...(event.outcome === 'exists' ? [{ stream: 'err' as const, text: exists }] : []), line('out', '')];
    }
    case 'build-output':
      return options.verbosity < 1 ? [] : [line('err', `${event.project} | ${event.line}`)];
  }
}

function planChunks(event: Event & { readonly kind: 'plan' }, { verbosity, out }: PlainOptions): readonly Chunk[] {
  const { installs, updates, removals, skipped } = event;
  if (installs + updates + removals + skipped === 0) return [];
  const verbose = verbosity > 0 || event.dryRun;
  if (installs + updates + removals === 0 && !verbose) {
    return [line('out', ''), line('out', 'No dependencies to install or update')];
  }
  const counts = [count(installs, 'install'), count(updates, 'update'), count(removals, 'removal')];
  const tail = skipped > 0 && verbose ? `, ${skipped} skipped` : '';
  return [line('out', `\n${out('bold', 'Package operations')}: ${counts.join(', ')}${tail}\n`)];
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

function line(stream: Stream, text: string): Chunk {
  return { stream, text: `${text}\n` };
}

/** What `-vvv` tells of the work: every request, and every answer that the search was given. On stderr, as notices. */

import type { Emit } from '../ground/events.ts';
import { withoutCredentials } from '../ground/redact.ts';
import type { RequestOptions, Transport } from '../http/transport.ts';
import type { Answer, Question, Unavailable } from '../resolver/question.ts';

/** `transport`, each of whose requests is told with its status and time; addresses without credentials. */
export function traced(transport: Transport, emit: Emit): Transport {
  const told = async <R extends { readonly status: number }>(
    address: string,
    request: RequestOptions | undefined,
    send: () => Promise<R>,
  ): Promise<R> => {
    const started = performance.now();
    const tell = (outcome: string): void => {
      const range = request?.headers?.range ?? request?.headers?.Range;
      const what = `${request?.method ?? 'GET'} ${withoutCredentials(address)}${range === undefined ? '' : ` (${range})`}`;
      emit({
        kind: 'notice',
        level: 3,
        text: `[http] ${what}: ${outcome}, ${Math.round(performance.now() - started)} ms`,
      });
    };
    try {
      const reply = await send();
      tell(String(reply.status));
      return reply;
    } catch (error) {
      tell('failed');
      throw error;
    }
  };
  return {
    ...transport,
    fetch: (address, request) => told(address, request, () => transport.fetch(address, request)),
    stream: (address, request) => told(address, request, () => transport.stream(address, request)),
  };
}

/** One question of the search and its answer, in a line. */
export function answerLine(question: Exclude<Question, { kind: 'prefetch' | 'files' }>, answer: Answer): string {
  const about = question.kind === 'metadata' ? `${question.project} ${question.version.text}` : question.project;
  return `[search] ${about}: ${outcome(answer)}`;
}

function outcome(answer: Answer): string {
  switch (answer.kind) {
    case 'versions':
      return `${answer.releases.length} releases`;
    case 'metadata': {
      const { requiresPython, requirements } = answer.metadata;
      const names = requirements.filter(({ inExtras }) => inExtras.length === 0).map(({ name }) => name);
      return `Python ${requiresPython}, requires ${names.length === 0 ? 'nothing' : names.join(', ')}`;
    }
    case 'files':
      return `${answer.files.length} lists of files`;
    case 'unavailable':
      return because(answer.reason);
    case 'noted':
      return 'noted';
  }
}

function because(reason: Unavailable): string {
  switch (reason.kind) {
    case 'not-found':
      return 'not found';
    case 'no-metadata':
      return `no metadata: ${reason.detail}`;
    case 'offline':
      return 'not in the cache, and offline';
  }
}

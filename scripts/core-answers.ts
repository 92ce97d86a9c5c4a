/**
 * Answers the questions of `core-oracle` with tercet's own code, so that the two can be compared: JSON objects in lines from
 * standard input, an answer a line in the same order, `{"id", "value"}` or `{"id", "error"}`.
 *
 * Markers forget what they worked out before each question, as the oracle does, so that the order of questions does not matter.
 */

import { clearMarkerCaches } from '../src/markers/marker.ts';
import type { Arguments } from './core-answers/markers.ts';
import { operations as aboutMarkers } from './core-answers/markers.ts';
import { operations as aboutVersions } from './core-answers/versions.ts';

const operations = new Map([...Object.entries(aboutVersions), ...Object.entries(aboutMarkers)]);

function answer(line: string): string {
  const question: Arguments = JSON.parse(line);
  clearMarkerCaches();
  try {
    const operation = operations.get(String(question.op));
    if (operation === undefined) throw new TypeError(`no operation ${question.op}`);
    return JSON.stringify({ id: question.id, value: operation(question) });
  } catch (error) {
    return JSON.stringify({ id: question.id, error: error instanceof Error ? error.message : String(error) });
  }
}

const output = Bun.stdout.writer();
for await (const line of console) {
  if (line !== '') output.write(`${answer(line)}\n`);
}
await output.end();

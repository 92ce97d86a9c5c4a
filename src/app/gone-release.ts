/** A locked release that the index no longer has: which `update` gets past it. Loaded only where that happens. */

import { TercetError } from '../ground/error.ts';
import type { ProjectName } from '../names/name.ts';
import { type Problem, search } from '../resolver/search.ts';
import { type AnswerOptions, type Answers, answered } from './answer.ts';

/** More releases than these are not gone at once, as a rule; then `lock --regenerate` is the better advice. */
const MOST_GONE = 5;

/** The error with a hint, where a search finds something once the projects at fault are free to change. */
export async function withUpdateHint(
  error: TercetError,
  { problem, index, options }: { readonly problem: Problem; readonly index: Answers; readonly options: AnswerOptions },
): Promise<TercetError> {
  if (problem.update === 'all') return error;
  const names: ProjectName[] = [];
  let present: unknown = error;
  while (names.length < MOST_GONE) {
    const name = present instanceof TercetError ? goneProject(present, problem) : undefined;
    if (name === undefined || names.includes(name)) return error;
    names.push(name);
    const update = new Set([...problem.update, ...names]);
    try {
      const result = await answered(search({ ...problem, update }), index, options);
      return result.kind === 'resolution' ? hinted(error, `tercet update ${names.join(' ')}`) : error;
    } catch (next) {
      present = next;
    }
  }
  return hinted(error, 'tercet lock --regenerate');
}

/** The project whose locked release is gone. */
function goneProject({ code, detail }: TercetError, { locked }: Problem): ProjectName | undefined {
  if (code !== 'package-not-found') return undefined;
  return locked.find(({ name }) => name === detail.name)?.name;
}

function hinted(error: TercetError, command: string): TercetError {
  const hints = [...error.hints, `The index no longer has what is locked. \`${command}\` takes another release.`];
  return new TercetError(error.code, error.message, { hints, detail: error.detail, exitCode: error.exitCode });
}

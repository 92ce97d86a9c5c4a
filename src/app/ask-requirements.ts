/** The part of `init` where packages are searched for and chosen, round by round, in Poetry's words. */

import { ParseError, TercetError } from '../ground/error.ts';
import type { IndexClient } from '../index/client.ts';
import { projectName } from '../names/name.ts';
import { parseConstraint } from '../versions/poetry-constraint.ts';
import { bestVersion, caret } from './best-version.ts';
import type { Context } from './context.ts';
import { parseWish, type Wish } from './parse-wish.ts';

/** Choices shown of a search. */
const MOST_CHOICES = 10;
/** Wrong answers to one question before it gives up. */
export const ATTEMPTS = 3;

/** Asks until the answer is blank. Each wish has a name and a constraint, or an origin. */
export async function askRequirements(
  context: Context,
  index: () => Promise<IndexClient>,
  exists: (path: string) => boolean,
): Promise<readonly Wish[]> {
  const wishes: Wish[] = [];
  let prompt = 'Package to add or search for (leave blank to skip):';
  for (;;) {
    const typed = await context.ask.text(prompt);
    if (typed === '') return wishes;
    const wish = readWish(typed, exists);
    if (typeof wish === 'string') {
      context.emit({ kind: 'notice', text: wish });
      continue;
    }
    prompt = '\nAdd a package (leave blank to skip):';
    if (wish.name === undefined || wish.table.version !== undefined || wish.table.url !== undefined) {
      context.emit({ kind: 'line', text: `Adding ${typed}` });
      wishes.push(wish);
      continue;
    }
    const chosen = await choose(context, await index(), wish.name, typed);
    if (chosen === undefined) continue;
    const version = await askConstraint(context, await index(), chosen);
    wishes.push({ name: chosen, table: { ...wish.table, version } });
  }
}

/** What was typed as a wish, or what is wrong with it. */
function readWish(typed: string, exists: (path: string) => boolean): Wish | string {
  if (typed.split(/\s+/).length > 2) return 'Invalid package definition.';
  let wish: Wish;
  try {
    wish = parseWish(typed, exists);
  } catch (error) {
    if (!(error instanceof TercetError)) throw error;
    return error.message;
  }
  const { version } = wish.table;
  return (version === undefined ? undefined : constraintProblem(version)) ?? wish;
}

/** What is wrong with a version constraint; undefined for nothing. */
export function constraintProblem(text: string): string | undefined {
  try {
    parseConstraint(text);
    return undefined;
  } catch (error) {
    if (error instanceof ParseError) return `Invalid version constraint: ${text}`;
    throw error;
  }
}

/** Shows what the index has for a name, and asks for one of it. */
async function choose(context: Context, index: IndexClient, name: string, typed: string): Promise<string | undefined> {
  const project = projectName(name);
  const matches = await index.search(project);
  if (matches.length === 0) {
    context.emit({ kind: 'notice', text: 'Unable to find package' });
    return undefined;
  }
  const others = matches.filter((one) => one !== project);
  const choices = [...(matches.includes(project) ? [project] : []), ...others].slice(0, MOST_CHOICES);
  let found = `Found ${matches.length} packages matching ${typed}`;
  if (matches.length > MOST_CHOICES) found += `\nShowing the first ${MOST_CHOICES} matches`;
  context.emit({ kind: 'line', text: found });
  const question = '\nEnter package # to add, or the complete package name if it is not listed';
  const chosen = await context.ask.choice(question, [...choices, '']);
  if (chosen === '') context.emit({ kind: 'warning', text: 'No package selected' });
  return chosen || undefined;
}

async function askConstraint(context: Context, index: IndexClient, name: string): Promise<string> {
  const question = 'Enter the version constraint to require (or leave blank to use the latest version):';
  for (let attempt = 0; ; attempt++) {
    const answer = await context.ask.text(question);
    if (answer === '') {
      const constraint = caret(await bestVersion(index, name));
      context.emit({ kind: 'line', text: `Using version ${constraint} for ${name}` });
      return constraint;
    }
    const problem = constraintProblem(answer);
    if (problem === undefined) return answer;
    if (attempt + 1 >= ATTEMPTS) throw new TercetError('answer-invalid', problem);
    context.emit({ kind: 'notice', text: problem });
  }
}

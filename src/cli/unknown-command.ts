/** What is said about a command that does not exist: Poetry's words, and the names that could have been meant. */

import type { Paint } from '../render/style.ts';
import type { Catalogue } from './command.ts';
import { similarNames } from './suggest.ts';

const DOCUMENTATION = 'https://python-poetry.org/docs/cli/';

/** The text for stderr, without the last newline. */
export async function unknownCommandText(
  name: string,
  { namespaces, loadAll }: Catalogue,
  paint: Paint,
): Promise<string> {
  const commands = await loadAll();
  const bare = namespaces.has(name);
  const candidates = bare ? commands.filter((one) => one.name.startsWith(`${name} `)) : commands;
  const similar = new Set(
    similarNames(
      name,
      candidates.map((one) => one.name),
    ),
  );
  const lines = [
    bare
      ? `The requested command does not exist in the ${paint('c1', name)} namespace.`
      : `The requested command ${paint('c1', name)} does not exist.`,
  ];
  if (similar.size > 0) {
    lines.push('', paint('error', 'Did you mean one of these perhaps?'));
    for (const one of candidates
      .filter((one) => similar.has(one.name))
      .toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
      lines.push(`    ${paint('c1', one.name)}: ${one.description}`);
    }
  }
  lines.push('', `${paint('bold', 'Documentation:')} ${paint('info', DOCUMENTATION + (bare ? `#${name}` : ''))}`);
  return lines.join('\n');
}

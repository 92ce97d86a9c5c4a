/** `graph`, and `show --html`: what is locked as one page. */

import { relative, resolve } from 'node:path';
import type { Context } from '../app/context.ts';
import type { Input } from '../cli/command.ts';
import { groupOptions } from './_options.ts';

/** Where the page goes without an option that says so. */
export const GRAPH_FILE = 'graph.html';

/** Writes the page of the groups that `input` chooses into `output`, `-` for stdout; answers with the exit code. */
export async function drawGraph(context: Context, input: Input, output: string): Promise<number> {
  const [{ packageGraph }, { graphPage }, { writeProjectFile }] = await Promise.all([
    import('../app/graph.ts'),
    import('../render/graph-page.ts'),
    import('../app/project-file.ts'),
  ]);
  const graph = await packageGraph(context, {
    ...groupOptions(input),
    defaults: 'all',
  });
  const page = graphPage(graph, Date.now());
  if (output === '-') {
    context.emit({ kind: 'line', text: page });
    return 0;
  }
  const path = resolve(context.cwd, output);
  await writeProjectFile(path, page);
  context.emit({
    kind: 'line',
    text: `Wrote ${relative(context.cwd, path) || path}: ${graph.packages.length} packages`,
  });
  return 0;
}

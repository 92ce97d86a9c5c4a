/**
 * A small GitHub runner: the steps of a composite action with `run`, each in a bash of its own, with what they write to `GITHUB_PATH` and `GITHUB_ENV`
 * carried on. Steps with `uses` are other people's actions and left out. https://docs.github.com/actions/sharing-automations/creating-actions/metadata-syntax-for-github-actions
 */

import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Stage } from './stage.ts';

interface ActionStep {
  readonly if?: string;
  readonly run?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly 'working-directory'?: string;
}

/** Runs the action for the project in `cwd`; answers with PATH and variables as the job's next steps see them. */
export async function runAction(
  stage: Stage,
  text: string,
  given: Readonly<Record<string, string>>,
  cwd: string,
): Promise<Readonly<Record<string, string>>> {
  const action = Bun.YAML.parse(text) as {
    readonly inputs: Readonly<Record<string, { readonly default?: string }>>;
    readonly runs: { readonly steps: readonly ActionStep[] };
  };
  const inputs = {
    ...Object.fromEntries(Object.entries(action.inputs).map(([name, one]) => [name, one.default ?? ''])),
    ...given,
  };
  const folder = join(stage.home, 'runner');
  mkdirSync(folder, { recursive: true });
  const files = { GITHUB_PATH: join(folder, 'path'), GITHUB_ENV: join(folder, 'env') };
  const expand = (line: string): string =>
    line.replaceAll(/\$\{\{(.*?)\}\}/g, (_, expression: string) => String(evaluated(expression, inputs)));
  let env: Readonly<Record<string, string>> = {
    CI: 'true',
    GITHUB_ACTIONS: 'true',
    RUNNER_OS: 'Linux',
    RUNNER_TEMP: folder,
    ...files,
  };
  for (const step of action.runs.steps) {
    if (step.run === undefined || (step.if !== undefined && evaluated(step.if, inputs) !== true)) continue;
    const own = Object.fromEntries(Object.entries(step.env ?? {}).map(([name, value]) => [name, expand(value)]));
    await stage.run(['bash', '--noprofile', '--norc', '-eo', 'pipefail', '-c', expand(step.run)], {
      cwd: join(cwd, expand(step['working-directory'] ?? '.')),
      env: { ...env, ...own },
    });
    const paths = linesOf(files.GITHUB_PATH).reverse();
    const variables = linesOf(files.GITHUB_ENV).map((line) => line.split(/=(.*)/s).slice(0, 2) as [string, string]);
    env = { ...env, ...Object.fromEntries(variables), PATH: [...paths, stage.env.PATH].join(':') };
  }
  return env;
}

/** The value of an expression with inputs, texts, `==`, `&&` and `||`, which mean in JavaScript what they mean there. */
function evaluated(expression: string, inputs: Readonly<Record<string, string>>): unknown {
  const script = expression.replaceAll(/\binputs\.([\w-]+)/g, (_, name: string) => JSON.stringify(inputs[name] ?? ''));
  return new Function(`return (${script});`)();
}

function linesOf(file: string): string[] {
  return existsSync(file)
    ? readFileSync(file, 'utf8')
        .split('\n')
        .filter((line) => line !== '')
    : [];
}

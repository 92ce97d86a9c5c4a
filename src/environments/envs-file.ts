/** `envs.toml` beside the environments: which Python version `env use` has chosen for each project. */

import { join } from 'node:path';
import { readTable } from '../configuration/configuration.ts';
import { scanToml } from '../configuration/plain-toml.ts';
import { atomicWrite } from '../files/atomic-write.ts';
import { textIfThere } from '../files/text-if-there.ts';

/** One project's choice. */
export interface ChosenPython {
  /** `X.Y`. */
  readonly minor: string;
  /** `X.Y.Z`. */
  readonly patch: string;
}

/** The file's path in the folder of the environments. */
function envsFile(virtualenvsDir: string): string {
  return join(virtualenvsDir, 'envs.toml');
}

/** The choices by base name; empty when there is no file. Throws `configuration-invalid` where it is not TOML. */
export async function readEnvs(virtualenvsDir: string): Promise<ReadonlyMap<string, ChosenPython>> {
  const table = (await readTable(envsFile(virtualenvsDir))) ?? {};
  const choices = new Map<string, ChosenPython>();
  for (const [name, value] of Object.entries(table)) {
    if (typeof value !== 'object' || value === null) continue;
    const { minor, patch } = value as { readonly minor?: unknown; readonly patch?: unknown };
    if (typeof minor === 'string') choices.set(name, { minor, patch: typeof patch === 'string' ? patch : minor });
  }
  return choices;
}

/** The choice for `baseName` at once; undefined also where the file is not written plainly. */
export function chosenPython(virtualenvsDir: string, baseName: string): ChosenPython | undefined {
  const entries = scanToml(textIfThere(envsFile(virtualenvsDir)) ?? '') ?? [];
  const value = (key: string) => {
    const found = entries.find(({ path }) => path.length === 2 && path[0] === baseName && path[1] === key)?.value;
    return typeof found === 'string' ? found : undefined;
  };
  const minor = value('minor');
  return minor === undefined ? undefined : { minor, patch: value('patch') ?? minor };
}

/** Remembers a choice. */
export async function rememberPython(virtualenvsDir: string, baseName: string, chosen: ChosenPython): Promise<void> {
  const choices = new Map(await readEnvs(virtualenvsDir));
  choices.set(baseName, chosen);
  writeEnvs(virtualenvsDir, choices);
}

/**
 * Forgets a choice, or only one of the version `minor` where that is given. Answers with the version forgotten;
 * undefined when there was none.
 */
export async function forgetPython(
  virtualenvsDir: string,
  baseName: string,
  minor?: string,
): Promise<string | undefined> {
  const choices = new Map(await readEnvs(virtualenvsDir));
  const old = choices.get(baseName);
  if (old === undefined || (minor !== undefined && old.minor !== minor)) return undefined;
  choices.delete(baseName);
  writeEnvs(virtualenvsDir, choices);
  return old.minor;
}

function writeEnvs(virtualenvsDir: string, choices: ReadonlyMap<string, ChosenPython>): void {
  const tables = [...choices].map(
    ([name, { minor, patch }]) =>
      `[${keyText(name)}]\nminor = ${JSON.stringify(minor)}\npatch = ${JSON.stringify(patch)}\n`,
  );
  atomicWrite(envsFile(virtualenvsDir), tables.join('\n'), { parents: true, durable: false });
}

function keyText(name: string): string {
  return /^[A-Za-z0-9_-]+$/.test(name) ? name : JSON.stringify(name);
}

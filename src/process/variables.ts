/** Environment variables as values. */

/** Names to values; undefined stands for absent. */
export type Variables = Readonly<Record<string, string | undefined>>;

/** `env` without what is undefined. */
export function definedVariables(env: Variables): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const [name, value] of Object.entries(env)) if (value !== undefined) kept[name] = value;
  return kept;
}

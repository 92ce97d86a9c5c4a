/** As much of JSON Schema as docs/json.schema.json uses. */

type Schema = Readonly<Record<string, unknown>>;

/** What is wrong with the value, as places and reasons; nothing where it fits. */
export function schemaProblems(value: unknown, schema: Schema, root: Schema = schema, place = '$'): readonly string[] {
  if (typeof schema.$ref === 'string') {
    const definition = (root.$defs as Record<string, Schema>)[schema.$ref.replace('#/$defs/', '')];
    return definition === undefined ? [`${place}: no definition`] : schemaProblems(value, definition, root, place);
  }
  const problems: string[] = [];
  if (Array.isArray(schema.oneOf)) {
    const fitting = (schema.oneOf as Schema[]).filter((one) => schemaProblems(value, one, root, place).length === 0);
    if (fitting.length !== 1)
      problems.push(`${place}: fits ${fitting.length} of the alternatives: ${JSON.stringify(value)}`);
  }
  if ('const' in schema && value !== schema.const) problems.push(`${place}: not ${schema.const}`);
  if (Array.isArray(schema.enum) && !schema.enum.includes(value)) problems.push(`${place}: none of ${schema.enum}`);
  if (typeof schema.type === 'string' && !hasType(value, schema.type)) problems.push(`${place}: no ${schema.type}`);
  if (Array.isArray(value) && schema.items !== undefined) {
    value.forEach((item, at) => {
      problems.push(...schemaProblems(item, schema.items as Schema, root, `${place}[${at}]`));
    });
  }
  if (schema.properties !== undefined && typeof value === 'object' && value !== null) {
    const known = schema.properties as Record<string, Schema>;
    for (const key of (schema.required ?? []) as string[])
      if (!(key in value)) problems.push(`${place}: ${key} is missing`);
    for (const [key, item] of Object.entries(value)) {
      const property = known[key];
      if (property !== undefined) problems.push(...schemaProblems(item, property, root, `${place}.${key}`));
      else if (schema.additionalProperties === false) problems.push(`${place}: ${key} is not known`);
    }
  }
  return problems;
}

function hasType(value: unknown, type: string): boolean {
  if (type === 'integer') return Number.isInteger(value);
  if (type === 'array') return Array.isArray(value);
  if (type === 'object') return typeof value === 'object' && value !== null && !Array.isArray(value);
  return typeof value === type;
}

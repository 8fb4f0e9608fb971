/** Schemas as they stand in the OpenAPI document: unions in their short forms, and what has a name as a reference to it. */
export type SchemaObject = Readonly<Record<string, unknown>>;

/** @param named every schema that has a name; each of its uses becomes a reference */
export function schemaObjects(
  named: Readonly<Record<string, unknown>>,
): Readonly<Record<string, SchemaObject>> {
  const shortened = Object.entries(named).map(([name, schema]) => [name, shorten(plain(schema))] as const);
  // By their text: a schema within another is a copy of it. A description of the use’s own makes it another text.
  const nameOf = new Map(shortened.map(([name, schema]) => [JSON.stringify(schema), name]));
  return Object.fromEntries(
    shortened.map(([name, schema]) => [name, mapMembers(schema, (member) => refer(member, nameOf))]),
  );
}

export function referenceTo(name: string): SchemaObject {
  return { $ref: `#/components/schemas/${name}` };
}

function refer(value: unknown, nameOf: ReadonlyMap<string, string>): unknown {
  if (!isObject(value)) return Array.isArray(value) ? value.map((one) => refer(one, nameOf)) : value;
  const name = nameOf.get(JSON.stringify(value));
  return name === undefined ? mapMembers(value, (member) => refer(member, nameOf)) : referenceTo(name);
}

/** As JSON: without the marks that only the code sees. */
function plain(schema: unknown): SchemaObject {
  return JSON.parse(JSON.stringify(schema)) as SchemaObject;
}

/** Constants as one `enum`, and "this type or null" as one list of types. */
function shorten(value: SchemaObject): SchemaObject {
  const { anyOf, ...rest } = mapMembers(value, shortenAny);
  if (!Array.isArray(anyOf)) return value['anyOf'] === undefined ? { ...rest } : value;
  const parts = anyOf as readonly SchemaObject[];
  if (parts.every((part) => typeof part['const'] === 'string')) {
    return { type: 'string', enum: parts.map((part) => part['const']), ...rest };
  }
  const others = parts.filter((part) => part['type'] !== 'null');
  const [only] = others;
  const isNullable = parts.length === 2 && others.length === 1 && only !== undefined && isPlainType(only);
  if (isNullable) return { type: [only['type'], 'null'], ...rest };
  return { anyOf: parts, ...rest };
}

function shortenAny(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(shortenAny);
  return isObject(value) ? shorten(value) : value;
}

function isPlainType(schema: SchemaObject): boolean {
  return typeof schema['type'] === 'string' && Object.keys(schema).length === 1;
}

function isObject(value: unknown): value is SchemaObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function mapMembers(value: SchemaObject, change: (member: unknown) => unknown): Record<string, unknown> {
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, change(member)]));
}

export type SchemaObject = Record<string, unknown>;

/** Keywords by what they hold. */
export const oneSchema = [
  "items",
  "additionalProperties",
  "contains",
  "propertyNames",
  "not",
  "if",
  "then",
  "else",
  "unevaluatedItems",
  "unevaluatedProperties",
];
export const manySchemas = ["anyOf", "allOf", "oneOf", "prefixItems"];
export const namedSchemas = [
  "properties",
  "patternProperties",
  "$defs",
  "definitions",
  "dependentSchemas",
  "dependencies",
];

/** Of these, the ones that look at the same value again: what they hold is visited beside the schema itself. */
const sameValue = ["not", "if", "then", "else", "anyOf", "allOf", "oneOf"];
const sameValueByName = ["dependentSchemas", "dependencies"];

export const isObject = (value: unknown): value is SchemaObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** What a reference such as `#/$defs/name` leads to; undefined when that is nothing. */
export function targetOf(reference: string, root: unknown): unknown {
  let target = root;
  for (const part of reference.split("/").slice(1)) {
    const key = part.replaceAll("~1", "/").replaceAll("~0", "~");
    target = isObject(target) && Object.hasOwn(target, key) ? target[key] : undefined;
  }
  return target;
}

/** The schemas that are applied to a value whenever this one is. */
export function besides(schema: SchemaObject, root: unknown): unknown[] {
  const { $ref } = schema;
  const listed = sameValue.flatMap((keyword) => schema[keyword] ?? []);
  const named = sameValueByName.flatMap((keyword) => Object.values(schema[keyword] ?? {}));
  const referred = typeof $ref === "string" ? [targetOf($ref, root)] : [];
  return [...listed, ...named, ...referred];
}

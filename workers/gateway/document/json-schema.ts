/** A JSON Schema, or another object of the document. */
export type JsonSchema = Record<string, unknown>;

export const isSchema = (value: unknown): value is JsonSchema =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** An object, or an empty one. */
export const schemaIn = (value: unknown): JsonSchema => (isSchema(value) ? value : {});

/** The objects in a list, if it is one. */
export const listIn = (value: unknown): JsonSchema[] => (Array.isArray(value) ? value.filter(isSchema) : []);

/** What is said in examples is no part of a schema. */
const remarks = ["example", "examples", "default", "const", "enum"];

/** Every schema with properties in a part of the document. */
export function* schemasIn(part: unknown): Generator<JsonSchema> {
  if (Array.isArray(part)) for (const entry of part) yield* schemasIn(entry);
  if (!isSchema(part)) return;
  if (isSchema(part.properties)) yield part;
  for (const [key, value] of Object.entries(part)) if (!remarks.includes(key)) yield* schemasIn(value);
}

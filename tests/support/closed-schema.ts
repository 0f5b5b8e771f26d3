import { z } from "zod";

const schemaSchema = z.record(z.string(), z.unknown());
export type JsonSchema = z.infer<typeof schemaSchema>;

const isSchema = (value: unknown): value is JsonSchema =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Keywords by what they hold; what is not named here says nothing about instances. */
const oneSchema = new Set(["items", "additionalProperties", "not", "contains", "propertyNames"]);
const alternatives = new Set(["anyOf", "oneOf", "prefixItems"]);
const remarks = new Set(["example", "examples", "description", "title", "default", "deprecated"]);

/** Where named schemas stand in the root that instances are validated against. */
const definition = (name: string, isOpen: boolean): string => `#/$defs/${name}${isOpen ? ".open" : ""}`;

const nameIn = (reference: string): string => reference.slice(reference.lastIndexOf("/") + 1);

/**
 * A schema of the OpenAPI document, closed: objects with `properties` have no
 * others unless the schema says so itself. The parts of an `allOf` stay open,
 * and their whole is closed instead.
 */
export function closedSchema(schema: JsonSchema, isPart = false): JsonSchema {
  const entries = Object.entries(schema)
    .filter(([keyword]) => !remarks.has(keyword))
    .map(([keyword, value]): [string, unknown] => {
      if (keyword === "$ref") return [keyword, definition(nameIn(String(value)), isPart)];
      if (keyword === "properties" && isSchema(value)) return [keyword, closedEach(value)];
      if (keyword === "allOf") return [keyword, closedAll(value, true)];
      if (alternatives.has(keyword)) return [keyword, closedAll(value, isPart)];
      if (oneSchema.has(keyword) && isSchema(value)) return [keyword, closedSchema(value)];
      return [keyword, value];
    });
  const closed: JsonSchema = Object.fromEntries(entries);
  if (isPart) return closed;
  if (schema.allOf !== undefined) return { ...closed, unevaluatedProperties: false };
  if (schema.properties !== undefined && schema.additionalProperties === undefined) {
    return { ...closed, additionalProperties: false };
  }
  return closed;
}

const closedEach = (schemas: JsonSchema): JsonSchema =>
  Object.fromEntries(
    Object.entries(schemas).map(([name, schema]) => [name, isSchema(schema) ? closedSchema(schema) : schema]),
  );

const closedAll = (schemas: unknown, arePart: boolean): unknown[] =>
  z
    .array(z.unknown())
    .parse(schemas)
    .map((schema) => (isSchema(schema) ? closedSchema(schema, arePart) : schema));

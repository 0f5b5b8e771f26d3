import { isSchema, type JsonSchema, listIn, schemaIn } from "./json-schema.ts";
import { samples } from "./words.ts";

const formats: Readonly<Record<string, string>> = {
  uuid: "0199c1b2-5a7e-7c3a-9d55-0f6d3f0a1b2c",
  email: "user@demo.test",
  "date-time": "2026-01-31T12:00:00.000Z",
  date: "2026-01-31",
  uri: "https://example.com/",
};

/** Schemas that contain themselves end here. */
const maxDepth = 6;

/** An example of what a schema describes: its own, or one that is put together from those of its parts. */
export function exampleOf(
  schema: JsonSchema,
  named: Readonly<Record<string, JsonSchema>>,
  name = "",
  depth = 0,
): unknown {
  if (schema.example !== undefined) return schema.example;
  if (schema.const !== undefined) return schema.const;
  if (Array.isArray(schema.examples)) return schema.examples[0];
  if (schema.default !== undefined) return schema.default;
  if (Array.isArray(schema.enum)) return schema.enum[0];
  const within = (part: JsonSchema, at = name) => exampleOf(part, named, at, depth + 1);
  if (typeof schema.$ref === "string") {
    return within(named[schema.$ref.split("/").at(-1) ?? ""] ?? {});
  }
  const [alternative] = listIn(schema.anyOf ?? schema.oneOf);
  if (alternative) return within(alternative);
  const parts = listIn(schema.allOf);
  if (parts.length > 0) {
    const examples = parts.map((part) => within(part));
    // A part that only remarks on the others has no type.
    return Object.assign({}, ...examples.filter((example) => typeof example === "object"));
  }
  const [type] = [schema.type].flat();
  switch (type) {
    case "object":
      return Object.fromEntries(
        Object.entries(schemaIn(schema.properties))
          .filter(([key]) => depth < maxDepth || listOf(schema.required).includes(key))
          .map(([key, part]) => [key, isSchema(part) ? within(part, key) : null]),
      );
    case "array":
      return depth < maxDepth && isSchema(schema.items) ? [within(schema.items)] : [];
    case "integer":
    case "number":
      return schema.minimum ?? 1;
    case "boolean":
      return true;
    case "null":
      return null;
    default:
      return formats[String(schema.format)] ?? samples[name] ?? "text";
  }
}

const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);

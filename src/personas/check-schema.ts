import { Validator } from "@cfworker/json-schema";
import { jsonBytes } from "../workflows/limits.ts";
import { patternProblem } from "./safe-pattern.ts";

export interface SchemaProblem {
  path: string[];
  message: string;
}

const maxBytes = 64 * 1024;

const types = ["object", "array", "string", "number", "integer", "boolean", "null"];
/** Keywords by what they hold. */
const oneSchema = [
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
const manySchemas = ["anyOf", "allOf", "oneOf", "prefixItems"];
const namedSchemas = ["properties", "patternProperties", "$defs", "definitions", "dependentSchemas"];
const counts = [
  "minLength",
  "maxLength",
  "minItems",
  "maxItems",
  "minProperties",
  "maxProperties",
  "minContains",
  "maxContains",
];
const numbers = ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"];

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const isTextList = (value: unknown): boolean =>
  Array.isArray(value) && value.every((entry) => typeof entry === "string");

/**
 * What keeps a JSON Schema (2020-12) from being used on input: its size, keywords
 * of the wrong type, references that lead out or nowhere, unsafe patterns. Unknown
 * keywords are allowed, as the standard has it. Empty when it is sound.
 */
export function schemaProblems(schema: Record<string, unknown>): SchemaProblem[] {
  if (jsonBytes(schema) > maxBytes) return [{ path: [], message: `At most ${maxBytes / 1024} KiB` }];
  const problems = [...problemsOf(schema, [], schema)];
  if (problems.length > 0) return problems.slice(0, 50);
  try {
    new Validator(schema, "2020-12", false).validate({});
    return [];
  } catch {
    return [{ path: [], message: "Cannot be applied: its references lead nowhere or go in a circle" }];
  }
}

function* problemsOf(schema: unknown, path: string[], root: unknown): Generator<SchemaProblem> {
  if (typeof schema === "boolean") return;
  if (!isObject(schema)) {
    yield { path, message: "A schema is an object or a boolean" };
    return;
  }
  for (const [keyword, value] of Object.entries(schema)) {
    const at = [...path, keyword];
    const message = keywordProblem(keyword, value, root);
    if (message !== undefined) yield { path: at, message };
    else if (oneSchema.includes(keyword)) yield* problemsOf(value, at, root);
    else if (manySchemas.includes(keyword) || namedSchemas.includes(keyword)) {
      for (const [key, part] of Object.entries(isObject(value) || Array.isArray(value) ? value : {})) {
        const unsafe = keyword === "patternProperties" ? patternProblem(key) : undefined;
        if (unsafe !== undefined) yield { path: [...at, key], message: unsafe };
        yield* problemsOf(part, [...at, key], root);
      }
    }
  }
}

function keywordProblem(keyword: string, value: unknown, root: unknown): string | undefined {
  if (keyword === "type") {
    const named = Array.isArray(value) ? value : [value];
    const isKnown = named.length > 0 && named.every((name) => types.some((type) => type === name));
    return isKnown ? undefined : `One or more of ${types.join(", ")}`;
  }
  if (keyword === "$ref") return refProblem(value, root);
  if (
    keyword === "$id" ||
    keyword === "$anchor" ||
    keyword.startsWith("$dynamic") ||
    keyword.startsWith("$recursive")
  )
    return "Not supported; refer to #/$defs/… instead";
  if (keyword === "pattern") return typeof value === "string" ? patternProblem(value) : "Must be text";
  if (keyword === "required") return isTextList(value) ? undefined : "Must be a list of names";
  if (keyword === "enum") return Array.isArray(value) ? undefined : "Must be a list";
  if (manySchemas.includes(keyword)) return Array.isArray(value) ? undefined : "Must be a list of schemas";
  if (namedSchemas.includes(keyword)) return isObject(value) ? undefined : "Must be an object of schemas";
  if (counts.includes(keyword))
    return Number.isInteger(value) && Number(value) >= 0 ? undefined : "Must be a count";
  if (numbers.includes(keyword)) return typeof value === "number" ? undefined : "Must be a number";
  return undefined;
}

function refProblem(value: unknown, root: unknown): string | undefined {
  if (typeof value !== "string" || !/^#(?:\/|$)/.test(value))
    return "Only references within the schema: #/$defs/…";
  let target = root;
  for (const part of value.split("/").slice(1)) {
    const key = part.replaceAll("~1", "/").replaceAll("~0", "~");
    target = isObject(target) && Object.hasOwn(target, key) ? target[key] : undefined;
  }
  return target === undefined ? `There is no ${value}` : undefined;
}

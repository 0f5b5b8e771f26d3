import { jsonBytes } from "#src/engine/limits.ts";
import { applySchema } from "#src/json-schema/apply-schema.ts";
import {
  besides,
  isObject,
  manySchemas,
  namedSchemas,
  oneSchema,
  type SchemaObject,
  targetOf,
} from "#src/json-schema/parts.ts";
import { patternProblem } from "#src/json-schema/pattern.ts";

export interface SchemaProblem {
  path: string[];
  message: string;
}

const maxBytes = 64 * 1024;
const deepest = 64;
/** Subschemas that one value may be held against, references followed. */
const maxBesides = 5000;

const types = ["object", "array", "string", "number", "integer", "boolean", "null"];
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

const isTextList = (value: unknown): boolean =>
  Array.isArray(value) && value.every((entry) => typeof entry === "string");

/**
 * What keeps a JSON Schema (2020-12) from being used on input: its size, keywords
 * of the wrong type, references that lead out or nowhere, patterns that cannot be
 * matched in linear time, and references that multiply. Unknown keywords are
 * allowed, as the standard has it. Empty when it is sound.
 */
export function schemaProblems(schema: SchemaObject): SchemaProblem[] {
  if (jsonBytes(schema) > maxBytes) return [{ path: [], message: `At most ${maxBytes / 1024} KiB` }];
  const walk: Walk = { root: schema, seen: new Set(), referred: [] };
  const problems = [...problemsOf(schema, [], walk)];
  // What only a reference takes for a schema must be one, wherever it stands.
  for (const { target, path } of walk.referred) problems.push(...problemsOf(target, path, walk));
  if (problems.length > 0) return problems.slice(0, 50);
  const problem = multiplication(schema, [...walk.seen]) ?? refusal(schema);
  return problem === undefined ? [] : [{ path: [], message: problem }];
}

interface Walk {
  root: SchemaObject;
  seen: Set<SchemaObject>;
  referred: { target: unknown; path: string[] }[];
}

/** Why no value can be held against a schema: the references of one of its parts go in a circle, or multiply. */
function multiplication(root: SchemaObject, parts: readonly SchemaObject[]): string | undefined {
  const known = new Map<unknown, number>();
  const countOf = (schema: unknown): number => {
    if (!isObject(schema)) return 1;
    const before = known.get(schema);
    if (before !== undefined) return before;
    // Until it is known: whoever meets it again meanwhile goes in a circle.
    known.set(schema, Number.POSITIVE_INFINITY);
    const count = besides(schema, root).reduce((sum: number, part) => sum + countOf(part), 1);
    known.set(schema, count);
    return count;
  };
  const most = Math.max(...parts.map(countOf));
  if (most === Number.POSITIVE_INFINITY) return "Cannot be applied: its references go in a circle";
  return most > maxBesides
    ? `Takes too long to apply: a value is held against more than ${maxBesides} schemas`
    : undefined;
}

function refusal(schema: SchemaObject): string | undefined {
  try {
    applySchema(schema, {});
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : "Cannot be applied";
  }
}

function* problemsOf(schema: unknown, path: string[], walk: Walk): Generator<SchemaProblem> {
  if (typeof schema === "boolean") return;
  if (!isObject(schema)) {
    yield { path, message: "A schema is an object or a boolean" };
    return;
  }
  if (walk.seen.has(schema)) return;
  walk.seen.add(schema);
  if (path.length > deepest) {
    yield { path: path.slice(0, deepest), message: `Nested more than ${deepest} deep` };
    return;
  }
  for (const [keyword, value] of Object.entries(schema)) {
    const at = [...path, keyword];
    const message = keywordProblem(keyword, value, walk.root);
    if (message !== undefined) yield { path: at, message };
    else if (keyword === "$ref") walk.referred.push({ target: targetOf(String(value), walk.root), path: at });
    else if (oneSchema.includes(keyword)) yield* problemsOf(value, at, walk);
    else if (manySchemas.includes(keyword) || namedSchemas.includes(keyword)) {
      for (const [key, part] of Object.entries(isObject(value) || Array.isArray(value) ? value : {})) {
        const unsafe = keyword === "patternProperties" ? patternProblem(key) : undefined;
        if (unsafe !== undefined) yield { path: [...at, key], message: unsafe };
        // A legacy dependency may be a list of names.
        if (keyword === "dependencies" && isTextList(part)) continue;
        yield* problemsOf(part, [...at, key], walk);
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
  if (keyword === "dependentRequired")
    return isObject(value) && Object.values(value).every(isTextList) ? undefined : "Must be lists of names";
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
  return targetOf(value, root) === undefined ? `There is no ${value}` : undefined;
}

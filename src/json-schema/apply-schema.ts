import { assertionFaults, type Fault, type Means } from "./assertions.ts";
import { isObject, type SchemaObject, targetOf } from "./parts.ts";
import { Pattern } from "./pattern.ts";
import { Work } from "./work.ts";

export interface SchemaError extends Fault {
  /** Keys and indexes that lead to the value that is wrong. */
  path: string[];
}

/** How deep schemas are applied within each other. */
const deepest = 256;
/** What an error costs, its message and path, in visits. */
const errorCost = 5;

/** A value's place; its path is made only when an error needs it. */
interface Place {
  key: string;
  parent: Place | undefined;
}

/** Parts of a value that some schema has looked at, for `unevaluated…`. */
type Seen = Set<string>;

/** Applies a JSON Schema (2020-12) to one value, counting every visit of a subschema. */
class Application implements Means {
  readonly errors: SchemaError[] = [];
  readonly work: Work;
  readonly #root: SchemaObject;
  readonly #patterns = new Map<string, Pattern>();
  readonly #targets = new Map<string, unknown>();
  #depth = 0;

  constructor(root: SchemaObject, work: Work) {
    this.#root = root;
    this.work = work;
  }

  readonly patternOf = (source: string): Pattern => {
    const known = this.#patterns.get(source);
    if (known) return known;
    const pattern = new Pattern(source);
    this.work.spend(pattern.size);
    this.#patterns.set(source, pattern);
    return pattern;
  };

  /** Whether the value is valid; what is wrong with it is among the errors. */
  visit(schema: unknown, value: unknown, place?: Place, seen: Seen = new Set()): boolean {
    this.work.spend(1);
    if (schema === false) return this.#fails(place, "false", "False boolean schema.");
    if (!isObject(schema)) return true;
    if (++this.#depth > deepest) throw new Error("Schemas are applied too deep within each other");
    const before = this.errors.length;
    let isValid = true;
    for (const { keyword, message } of assertionFaults(schema, value, this))
      isValid = this.#fails(place, keyword, message);
    isValid = this.#combinations(schema, value, place, seen) && isValid;
    if (Array.isArray(value)) isValid = this.#items(schema, value, place, seen) && isValid;
    else if (isObject(value)) isValid = this.#properties(schema, value, place, seen) && isValid;
    if (isValid) this.errors.length = before;
    this.#depth--;
    return isValid;
  }

  #fails(place: Place | undefined, keyword: string, message: string): false {
    const path: string[] = [];
    for (let at = place; at; at = at.parent) path.unshift(at.key);
    this.work.spend(errorCost + path.length);
    this.errors.push({ path, keyword, message });
    return false;
  }

  /** Like `visit`, but what was seen counts, and errors stay, only as they should for a part of many. */
  #try(schema: unknown, value: unknown, place: Place | undefined, seen: Seen): boolean {
    const own: Seen = new Set();
    const isValid = this.visit(schema, value, place, own);
    if (isValid) {
      this.work.spend(own.size / 16);
      for (const key of own) seen.add(key);
    }
    return isValid;
  }

  /** Puts the summary before the errors of the parts, or drops those when all is well. */
  #conclude(
    isValid: boolean,
    place: Place | undefined,
    mark: number,
    keyword: string,
    message: string,
  ): boolean {
    if (isValid) {
      this.errors.length = mark;
      return true;
    }
    const parts = this.errors.splice(mark);
    this.work.spend(parts.length / 16);
    this.#fails(place, keyword, message);
    for (const part of parts) this.errors.push(part);
    return false;
  }

  #combinations(schema: SchemaObject, value: unknown, place: Place | undefined, seen: Seen): boolean {
    const { $ref, allOf, anyOf, oneOf } = schema;
    let isValid = true;
    if (typeof $ref === "string") isValid = this.#try(this.#target($ref), value, place, seen);
    for (const part of listOf(allOf)) isValid = this.#try(part, value, place, seen) && isValid;
    const matching = (parts: readonly unknown[]) =>
      parts.filter((part) => this.#try(part, value, place, seen)).length;
    if (Array.isArray(anyOf)) {
      const mark = this.errors.length;
      const matches = matching(anyOf);
      const message = "Instance does not match any subschemas.";
      isValid = this.#conclude(matches > 0, place, mark, "anyOf", message) && isValid;
    }
    if (Array.isArray(oneOf)) {
      const mark = this.errors.length;
      const matches = matching(oneOf);
      const message = `Instance does not match exactly one subschema (${matches} matches).`;
      isValid = this.#conclude(matches === 1, place, mark, "oneOf", message) && isValid;
    }
    return this.#conditions(schema, value, place, seen) && isValid;
  }

  #conditions(schema: SchemaObject, value: unknown, place: Place | undefined, seen: Seen): boolean {
    const { not, if: condition } = schema;
    let isValid = true;
    const mark = this.errors.length;
    if (not !== undefined) {
      const matches = this.visit(not, value, place);
      this.errors.length = mark;
      if (matches) isValid = this.#fails(place, "not", 'Instance matched "not" schema.');
    }
    if (condition === undefined) return isValid;
    const before = this.errors.length;
    const branch = this.#try(condition, value, place, seen) ? "then" : "else";
    this.errors.length = before;
    if (schema[branch] === undefined || this.#try(schema[branch], value, place, seen)) return isValid;
    return this.#conclude(false, place, before, "if", `Instance does not match "${branch}" schema.`);
  }

  #target(reference: string): unknown {
    if (!this.#targets.has(reference)) {
      this.work.spend(reference.length);
      this.#targets.set(reference, targetOf(reference, this.#root));
    }
    const target = this.#targets.get(reference);
    if (target === undefined) throw new Error(`There is no ${reference}`);
    return target;
  }

  #properties(
    schema: SchemaObject,
    value: Record<string, unknown>,
    place: Place | undefined,
    seen: Seen,
  ): boolean {
    let isValid = this.#requirements(schema, value, place, seen);
    const keys = Object.keys(value);
    const named = new Set<string>();
    const part = (key: string, of: unknown) => {
      named.add(key);
      seen.add(key);
      return this.visit(of, value[key], { key, parent: place });
    };
    for (const [key, of] of entriesOf(schema.properties)) {
      this.work.spend(1 / 8);
      if (Object.hasOwn(value, key)) isValid = part(key, of) && isValid;
    }
    for (const [source, of] of entriesOf(schema.patternProperties)) {
      const pattern = this.patternOf(source);
      for (const key of keys) if (pattern.test(key, this.work)) isValid = part(key, of) && isValid;
    }
    const { additionalProperties, unevaluatedProperties, propertyNames } = schema;
    if (additionalProperties !== undefined) {
      for (const key of keys) if (!named.has(key)) isValid = part(key, additionalProperties) && isValid;
    }
    if (unevaluatedProperties !== undefined) {
      for (const key of keys) if (!seen.has(key)) isValid = part(key, unevaluatedProperties) && isValid;
    }
    if (propertyNames === undefined) return isValid;
    for (const key of keys) {
      const mark = this.errors.length;
      const at = { key, parent: place };
      const isNamed = this.visit(propertyNames, key, at);
      isValid =
        this.#conclude(isNamed, place, mark, "propertyNames", "A property name does not fit.") && isValid;
    }
    return isValid;
  }

  /** What an object must have, and must be when it has something. */
  #requirements(
    schema: SchemaObject,
    value: Record<string, unknown>,
    place: Place | undefined,
    seen: Seen,
  ): boolean {
    let isValid = true;
    const demand = (keyword: string, names: unknown) => {
      for (const name of listOf(names)) {
        this.work.spend(1 / 8);
        if (typeof name !== "string" || Object.hasOwn(value, name)) continue;
        isValid = this.#fails({ key: name, parent: place }, keyword, "Required");
      }
    };
    demand("required", schema.required);
    for (const keyword of ["dependentRequired", "dependentSchemas", "dependencies"]) {
      for (const [key, needed] of entriesOf(schema[keyword])) {
        this.work.spend(1 / 8);
        if (!Object.hasOwn(value, key)) continue;
        if (Array.isArray(needed)) demand("required", needed);
        else isValid = this.#try(needed, value, place, seen) && isValid;
      }
    }
    return isValid;
  }

  #items(schema: SchemaObject, value: readonly unknown[], place: Place | undefined, seen: Seen): boolean {
    const { prefixItems, items, contains, unevaluatedItems } = schema;
    const prefix = listOf(prefixItems);
    let isValid = true;
    const part = (index: number, of: unknown) => {
      seen.add(String(index));
      return this.visit(of, value[index], { key: String(index), parent: place });
    };
    for (let index = 0; index < value.length; index++) {
      const of = index < prefix.length ? prefix[index] : items;
      if (of !== undefined) isValid = part(index, of) && isValid;
    }
    if (contains !== undefined) isValid = this.#contains(schema, value, place, seen) && isValid;
    if (unevaluatedItems === undefined) return isValid;
    for (let index = 0; index < value.length; index++)
      if (!seen.has(String(index))) isValid = part(index, unevaluatedItems) && isValid;
    return isValid;
  }

  #contains(schema: SchemaObject, value: readonly unknown[], place: Place | undefined, seen: Seen): boolean {
    const { contains, minContains: least = 1, maxContains: most = Infinity } = schema;
    const mark = this.errors.length;
    const found = value.filter((item, index) => {
      const isOne = this.visit(contains, item, { key: String(index), parent: place });
      if (isOne) seen.add(String(index));
      return isOne;
    }).length;
    const isValid = found >= Number(least) && found <= Number(most);
    return this.#conclude(
      isValid,
      place,
      mark,
      "contains",
      `Array contains ${found} items matching the schema.`,
    );
  }
}

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
const entriesOf = (value: unknown): [string, unknown][] => (isObject(value) ? Object.entries(value) : []);

/**
 * What is wrong with a value by a JSON Schema; empty when it is valid.
 * @throws TooMuchWork when that takes too long; Error when the schema cannot be applied
 */
export function applySchema(schema: SchemaObject, value: unknown, work = new Work()): SchemaError[] {
  const application = new Application(schema, work);
  application.visit(schema, value);
  return application.errors;
}

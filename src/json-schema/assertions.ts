import { canonical } from "./canonical.ts";
import { hasFormat } from "./formats.ts";
import type { SchemaObject } from "./parts.ts";
import type { Pattern } from "./pattern.ts";
import type { Work } from "./work.ts";

/** What assertions look up and count with. */
export interface Means {
  work: Work;
  patternOf(source: string): Pattern;
}

export interface Fault {
  keyword: string;
  message: string;
}

const number = (value: unknown): number | undefined => (typeof value === "number" ? value : undefined);

const typeOf = (value: unknown): string =>
  value === null ? "null" : Array.isArray(value) ? "array" : typeof value;

const isOfType = (value: unknown, type: unknown): boolean =>
  type === "integer" ? Number.isInteger(value) : typeOf(value) === type;

/** Longest list of choices that a message repeats. */
const maxList = 200;

function* choiceFaults(schema: SchemaObject, value: unknown, { work }: Means): Generator<Fault> {
  if (schema.const !== undefined && canonical(value, work) !== canonical(schema.const, work)) {
    const text = JSON.stringify(schema.const);
    yield {
      keyword: "const",
      message: text.length > maxList ? "Not the only value allowed" : `Instance does not match ${text}.`,
    };
  }
  if (!Array.isArray(schema.enum)) return;
  const text = canonical(value, work);
  if (schema.enum.some((choice) => canonical(choice, work) === text)) return;
  const list = JSON.stringify(schema.enum);
  const message =
    list.length > maxList ? "Not one of the values allowed" : `Instance does not match any of ${list}.`;
  yield { keyword: "enum", message };
}

/** A number as whole digits and a power of ten. */
function digitsOf(value: number): [bigint, number] {
  const [coefficient = "0", exponent = "0"] = Math.abs(value).toString().split("e");
  const [whole = "0", fraction = ""] = coefficient.split(".");
  return [BigInt(whole + fraction), Number(exponent) - fraction.length];
}

function isMultipleOf(value: number, divisor: number): boolean {
  if (divisor <= 0) return false;
  const [[a, aPower], [b, bPower]] = [digitsOf(value), digitsOf(divisor)];
  const power = aPower - bPower;
  return power >= 0 ? (a * 10n ** BigInt(power)) % b === 0n : a % (b * 10n ** BigInt(-power)) === 0n;
}

function* numberFaults(schema: SchemaObject, value: number, { work }: Means): Generator<Fault> {
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf } = schema;
  if (value < (number(minimum) ?? -Infinity))
    yield { keyword: "minimum", message: `${value} is less than ${minimum}.` };
  if (value > (number(maximum) ?? Infinity))
    yield { keyword: "maximum", message: `${value} is greater than ${maximum}.` };
  if (value <= (number(exclusiveMinimum) ?? -Infinity))
    yield { keyword: "exclusiveMinimum", message: `${value} is less than or equal to ${exclusiveMinimum}.` };
  if (value >= (number(exclusiveMaximum) ?? Infinity))
    yield {
      keyword: "exclusiveMaximum",
      message: `${value} is greater than or equal to ${exclusiveMaximum}.`,
    };
  if (typeof multipleOf !== "number") return;
  work.spend(20);
  if (!isMultipleOf(value, multipleOf))
    yield { keyword: "multipleOf", message: `${value} is not a multiple of ${multipleOf}.` };
}

function* textFaults(schema: SchemaObject, value: string, { work, patternOf }: Means): Generator<Fault> {
  const { minLength, maxLength, pattern, format } = schema;
  if (minLength !== undefined || maxLength !== undefined) {
    work.spend(value.length / 64);
    const length = [...value].length;
    if (length < (number(minLength) ?? 0))
      yield { keyword: "minLength", message: `String is too short (${length} < ${minLength}).` };
    if (length > (number(maxLength) ?? Infinity))
      yield { keyword: "maxLength", message: `String is too long (${length} > ${maxLength}).` };
  }
  if (typeof pattern === "string" && !patternOf(pattern).test(value, work))
    yield { keyword: "pattern", message: "String does not match pattern." };
  if (format === undefined) return;
  work.spend(20);
  if (!hasFormat(format, value))
    yield { keyword: "format", message: `String does not match format "${format}".` };
}

function* listFaults(schema: SchemaObject, value: readonly unknown[], { work }: Means): Generator<Fault> {
  const { minItems, maxItems, uniqueItems } = schema;
  const { length } = value;
  if (length > (number(maxItems) ?? Infinity))
    yield { keyword: "maxItems", message: `Array has too many items (${length} > ${maxItems}).` };
  if (length < (number(minItems) ?? 0))
    yield { keyword: "minItems", message: `Array has too few items (${length} < ${minItems}).` };
  if (uniqueItems !== true) return;
  const seen = new Map<string, number>();
  for (const [index, item] of value.entries()) {
    const text = canonical(item, work);
    const first = seen.get(text);
    if (first !== undefined) {
      yield { keyword: "uniqueItems", message: `Duplicate items at indexes ${first} and ${index}.` };
      return;
    }
    seen.set(text, index);
  }
}

function* objectFaults(schema: SchemaObject, keys: number): Generator<Fault> {
  const { minProperties, maxProperties } = schema;
  if (keys < (number(minProperties) ?? 0))
    yield {
      keyword: "minProperties",
      message: `Instance does not have at least ${minProperties} properties.`,
    };
  if (keys > (number(maxProperties) ?? Infinity))
    yield {
      keyword: "maxProperties",
      message: `Instance does not have at most ${maxProperties} properties.`,
    };
}

/** What a schema says of a value itself that does not hold, without what it says of its parts. */
export function* assertionFaults(schema: SchemaObject, value: unknown, means: Means): Generator<Fault> {
  const { type } = schema;
  const named = Array.isArray(type) ? type : [type];
  if (type !== undefined && !named.some((name) => isOfType(value, name))) {
    const expected = named.join('", "');
    yield {
      keyword: "type",
      message: `Instance type "${typeOf(value)}" is invalid. Expected "${expected}".`,
    };
  }
  yield* choiceFaults(schema, value, means);
  if (typeof value === "number") yield* numberFaults(schema, value, means);
  else if (typeof value === "string") yield* textFaults(schema, value, means);
  else if (Array.isArray(value)) yield* listFaults(schema, value, means);
  else if (typeof value === "object" && value !== null)
    yield* objectFaults(schema, Object.keys(value).length);
}

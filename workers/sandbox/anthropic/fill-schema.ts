import { cutText } from "#src/text/cut-text.ts";
import { digestOf } from "../digest.ts";
import { pick } from "./compose.ts";
import { subjectOf } from "./subject.ts";

type Schema = Record<string, unknown>;

const isObject = (value: unknown): value is Schema =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** How an answer leans. */
export interface Leaning {
  /** Share of the way from the least to the most that numbers take. */
  share?: number;
  booleans: boolean;
  /** Properties that get a value of their own. */
  fixed: Readonly<Record<string, unknown>>;
}

/** What to say by the name of what is asked for. */
const phrases: readonly [RegExp, readonly string[]][] = [
  [
    /suggest/,
    ["Open with the strongest point about S", "Give a figure where S is measured", "Shorten the middle"],
  ],
  [/reasoning|rationale/, ["It keeps to S, says something concrete and claims no more than it shows."]],
  [/conclusion|summary/, ["On balance the case for S is sound, with care about its costs."]],
  [
    /finding/,
    ["S matters most in daily use", "The figures on S differ by source", "Costs come early, benefits late"],
  ],
  [/assum/, ["Demand for S stays about as it is"]],
  [/^action/, ["Try S on a small scale and measure"]],
  [/pros/, ["Well understood", "Quick to begin with"]],
  [/cons/, ["Needs attention in the first months"]],
  [/description/, ["Looked at what is known about S"]],
  [/title|headline|name/, ["S, explained"]],
];

/** Parts that an answer has at most, as a model's own answers are of limited length. */
const maxParts = 5000;
const maxText = 100_000;

/** A value that fits a JSON Schema and speaks of the prompt's subject; the same prompt always gives the same. */
export function fillSchema(schema: Schema, prompt: string, leaning: Leaning): unknown {
  const subject = subjectOf(prompt);
  const resolve = (part: unknown): Schema => {
    if (!isObject(part)) return {};
    if (typeof part.$ref !== "string") return part;
    let target: unknown = schema;
    for (const key of part.$ref.split("/").slice(1)) target = isObject(target) ? target[key] : undefined;
    return isObject(target) ? target : {};
  };

  const say = (path: string): string => {
    const name = path.split(".").findLast((key) => !/^\d+$/.test(key)) ?? "";
    const choices = phrases.find(([pattern]) => pattern.test(name))?.[1];
    const index = Number(path.split(".").at(-1)) || 0;
    return choices ? pick(choices, index).replaceAll("S", subject) : `${subject}`;
  };

  let parts = 0;
  const fill = (part: unknown, path: string, depth: number): unknown => {
    if (depth > 12 || ++parts > maxParts) return null;
    const { type, enum: choices, default: preset, ...rest } = resolve(part);
    const name = path.split(".").at(-1) ?? "";
    if (Object.hasOwn(leaning.fixed, name)) return leaning.fixed[name];
    if ("const" in rest) return rest.const;
    if (preset !== undefined) return preset;
    if (Array.isArray(choices)) return choices[0];
    for (const alternatives of [rest.anyOf, rest.oneOf, rest.allOf]) {
      if (Array.isArray(alternatives) && type === undefined) return fill(alternatives[0], path, depth + 1);
    }
    switch (Array.isArray(type) ? type[0] : (type ?? (isObject(rest.properties) ? "object" : "string"))) {
      case "object":
        return Object.fromEntries(
          Object.entries(isObject(rest.properties) ? rest.properties : {}).map(([key, property]) => [
            key,
            fill(property, `${path}.${key}`, depth + 1),
          ]),
        );
      case "array":
        return Array.from({ length: Math.max(1, Math.min(20, Number(rest.minItems ?? 2))) }, (_, index) =>
          fill(rest.items, `${path}.${index}`, depth + 1),
        );
      case "boolean":
        return leaning.booleans;
      case "number":
      case "integer":
        return numberBetween(rest, type === "integer", leaning.share ?? shareOf(`${prompt}${path}`));
      case "null":
        return null;
      default:
        return textWithin(rest, say(path));
    }
  };
  return fill(schema, "", 0);
}

/** Between 72 and 95 per cent, different for every question. */
const shareOf = (text: string): number => 0.72 + (digestOf(text) % 24) / 100;

function numberBetween({ minimum, maximum }: Schema, whole: boolean, share: number): number {
  const least = typeof minimum === "number" ? minimum : 0;
  const most = typeof maximum === "number" ? maximum : Math.max(least, 0) + 1;
  const value = least + (most - least) * share;
  return whole ? Math.round(value) : Math.round(value * 100) / 100;
}

function textWithin({ format, minLength, maxLength }: Schema, text: string): string {
  switch (format) {
    case "date-time":
      return "2026-01-15T09:30:00Z";
    case "date":
      return "2026-01-15";
    case "email":
      return "someone@example.com";
    case "uri":
      return "https://example.com/";
    case "uuid":
      return "01900000-0000-7000-8000-00000000abcd";
    default:
      return cutText(
        text.padEnd(typeof minLength === "number" ? Math.min(minLength, maxText) : 0, "."),
        typeof maxLength === "number" ? maxLength : Number.POSITIVE_INFINITY,
      );
  }
}

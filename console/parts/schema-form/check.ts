import { Validator } from "@cfworker/json-schema";
import type { Schema } from "./fields.ts";

/** What is wrong, by the path of the field (`/topic`). */
export type Problems = Readonly<Record<string, string>>;

/** Tells that something below is wrong, which is told there. */
const containers: readonly string[] = ["properties", "items", "additionalProperties", "allOf"];

/** Checks a value by its schema, as the platform will. */
export function problemsOf(schema: Schema, value: unknown): Problems {
  // The validator throws on `undefined`, which JSON does not have.
  const plain: unknown = JSON.parse(JSON.stringify(value ?? {}));
  const { errors } = new Validator({ ...schema }, "2020-12", false).validate(plain);
  const found: Record<string, string> = {};
  for (const { keyword, instanceLocation, error } of errors) {
    if (containers.includes(keyword)) continue;
    const missing = keyword === "required" ? /"([^"]+)"/.exec(error)?.[1] : undefined;
    const at = instanceLocation.replace(/^#/, "") + (missing === undefined ? "" : `/${missing}`);
    found[at] ??= missing === undefined ? sentence(error) : "This is needed";
  }
  return found;
}

const sentence = (error: string): string => error.replace(/^Instance /, "It ").replace(/\.$/, "");

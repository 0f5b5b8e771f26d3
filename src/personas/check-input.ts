import { type OutputUnit, type Schema, Validator } from "@cfworker/json-schema";
import { AppError } from "../http/app-error.ts";

const mostFields = 50;

/** Keywords that only say that a part of them failed; the part has its own entry. */
const summaries = [
  "properties",
  "patternProperties",
  "additionalProperties",
  "items",
  "prefixItems",
  "$ref",
  "allOf",
];

const keyOf = (part: string): string => decodeURI(part).replaceAll("~1", "/").replaceAll("~0", "~");

/** The field an error is about. The validator names a missing one only in its message. */
function fieldOf({ keyword, instanceLocation, error }: OutputUnit): { path: string; message: string } {
  const place = ["input", ...instanceLocation.split("/").slice(1).map(keyOf)];
  if (keyword === "false") return { path: place.join("."), message: "Not allowed" };
  const [, missing] = (keyword === "required" && /required property "(.*)"/.exec(error)) || [];
  return missing === undefined
    ? { path: place.join("."), message: error }
    : { path: [...place, missing].join("."), message: "Required" };
}

/**
 * Checks an execution's input against the instance's `input_schema`.
 * @throws AppError `VALIDATION_ERROR` naming every field
 */
export function checkInput(input: Record<string, unknown>, inputSchema: Schema | undefined): void {
  if (!inputSchema) return;
  const { valid, errors } = outcomeOf(input, inputSchema);
  if (valid) return;
  const telling = errors.filter(({ keyword }) => !summaries.includes(keyword));
  const fields = (telling.length > 0 ? telling : errors).slice(0, mostFields).map(fieldOf);
  throw new AppError("VALIDATION_ERROR", { details: { fields } });
}

/** Schemas are checked when they are saved; one that still cannot be applied is the persona's fault, not ours. */
function outcomeOf(input: Record<string, unknown>, schema: Schema) {
  try {
    return new Validator(schema, "2020-12", false).validate(input);
  } catch (cause) {
    throw new AppError("VALIDATION_ERROR", {
      message: "The persona's input_schema cannot be applied",
      details: { fields: [{ path: "config.input_schema", message: "Cannot be applied" }] },
      cause,
    });
  }
}

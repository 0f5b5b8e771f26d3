import { applySchema, type SchemaError } from "#src/json-schema/apply-schema.ts";
import type { SchemaObject } from "#src/json-schema/parts.ts";
import { TooMuchWork } from "#src/json-schema/work.ts";
import { AppError } from "#src/kernel/app-error.ts";

const maxFields = 50;

const fieldOf = ({ path, keyword, message }: SchemaError): { path: string; message: string } => ({
  path: ["input", ...path].join("."),
  message: keyword === "false" ? "Not allowed" : message,
});

/**
 * Checks an execution's input against the instance's `input_schema`.
 * @throws AppError `VALIDATION_ERROR` naming every field
 */
export function checkInput(input: Record<string, unknown>, inputSchema: SchemaObject | undefined): void {
  if (!inputSchema) return;
  const errors = errorsOf(input, inputSchema);
  if (errors.length === 0) return;
  throw new AppError("VALIDATION_ERROR", { details: { fields: errors.slice(0, maxFields).map(fieldOf) } });
}

/** Schemas are checked when they are saved; one that still cannot be applied is the persona's fault, not ours. */
function errorsOf(input: Record<string, unknown>, schema: SchemaObject): SchemaError[] {
  try {
    return applySchema(schema, input);
  } catch (cause) {
    const message = cause instanceof TooMuchWork ? cause.message : "Cannot be applied";
    throw new AppError("VALIDATION_ERROR", {
      message: "The persona's input_schema cannot be applied",
      details: { fields: [{ path: "config.input_schema", message }] },
      cause,
    });
  }
}

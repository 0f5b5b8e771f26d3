import { type Schema, Validator } from "@cfworker/json-schema";
import { AppError } from "../http/app-error.ts";

/**
 * Checks an execution's input against the instance's `input_schema`.
 * @throws AppError `VALIDATION_ERROR` naming every field
 */
export function checkInput(input: Record<string, unknown>, inputSchema: Schema | undefined): void {
  if (!inputSchema) return;
  const { valid, errors } = new Validator(inputSchema, "2020-12", false).validate(input);
  if (valid) return;
  // The keyword that only says that a part of it failed adds nothing.
  const telling = errors.filter(({ keyword }) => keyword !== "properties" && keyword !== "items");
  const fields = (telling.length > 0 ? telling : errors).slice(0, 50).map(({ instanceLocation, error }) => ({
    path: ["input", ...instanceLocation.split("/").slice(1)].join("."),
    message: error,
  }));
  throw new AppError("VALIDATION_ERROR", { details: { fields } });
}

import { validationError } from "#src/http/error-response.ts";
import { clientSettingsSchema } from "./schemas.ts";

/** @throws AppError `VALIDATION_ERROR` naming the fields below `settings` */
export function parseSettings(settings: Record<string, unknown>): Record<string, unknown> {
  const parsed = clientSettingsSchema.safeParse(settings);
  if (parsed.success) return parsed.data;
  throw validationError(parsed.error.issues, ["settings"]);
}

import { EgressError } from "#src/egress/index.ts";
import { AppError } from "#src/kernel/app-error.ts";
import type { Platform } from "#src/platform.ts";

/**
 * Lets only URLs through that may be called (docs/egress.md#what-is-refused); it is looked at again before each call.
 * @throws AppError `VALIDATION_ERROR`
 */
export async function requirePublicUrl({ egress }: Pick<Platform, "egress">, url: string): Promise<void> {
  try {
    await egress.check(url);
  } catch (error) {
    if (!(error instanceof EgressError)) throw error;
    throw new AppError("VALIDATION_ERROR", {
      details: { fields: [{ path: "url", message: error.message }] },
      cause: error,
    });
  }
}

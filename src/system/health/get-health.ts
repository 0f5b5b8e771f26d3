import { z } from "@hono/zod-openapi";
import { assertReady, NotMigratedError } from "#src/db/readiness.ts";
import { AppError } from "#src/kernel/app-error.ts";
import { isoTime } from "#src/kernel/clock.ts";
import { keyRingOf } from "#src/kernel/key-ring.ts";
import { openOperation } from "#src/operation/operation.ts";
import packageJson from "../../../package.json" with { type: "json" };
import { healthSchema } from "./schemas.ts";

export const getHealth = openOperation({
  name: "getHealth",
  summary: "Whether sign-in works",
  input: z.object({}),
  output: healthSchema,
  refusals: ["UPSTREAM_UNAVAILABLE"],
  run: async ({ db, settings, clock }) => {
    try {
      keyRingOf(settings);
      await assertReady(db);
    } catch (cause) {
      const message = cause instanceof NotMigratedError ? cause.message : "Sign-in does not work yet";
      throw new AppError("UPSTREAM_UNAVAILABLE", { message, cause });
    }
    return {
      status: "healthy" as const,
      service: "persona-gateway",
      version: packageJson.version,
      timestamp: isoTime(clock.now()),
      services: {
        auth: "healthy" as const,
        chat: "healthy" as const,
        admin: "healthy" as const,
        personalization: "healthy" as const,
      },
    };
  },
});

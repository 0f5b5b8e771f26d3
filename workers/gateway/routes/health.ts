import { z } from "@hono/zod-openapi";
import { database } from "#src/db/client.ts";
import { assertReady, NotMigratedError } from "#src/db/readiness.ts";
import { errorResponses } from "#src/http/error-response.ts";
import { createRouter, jsonResponse } from "#src/http/openapi.ts";
import { createRoute } from "#src/http/route.ts";
import { AppError } from "#src/kernel/app-error.ts";
import { settingsOf } from "#src/kernel/config.ts";
import { keyRingOf } from "#src/kernel/key-ring.ts";
import packageJson from "../../../package.json" with { type: "json" };
import type { GatewayContext } from "../context.ts";

const healthSchema = z
  .object({ status: z.literal("healthy"), service: z.string(), version: z.string() })
  .openapi("Health");

const getHealth = createRoute({
  method: "get",
  path: "/health",
  operationId: "getHealth",
  tags: ["System"],
  summary: "Whether sign-in works",
  responses: { 200: jsonResponse("Healthy", healthSchema), ...errorResponses("UPSTREAM_UNAVAILABLE") },
});

export const health = createRouter<GatewayContext>().openapi(getHealth, async (c) => {
  try {
    keyRingOf(settingsOf(c.env));
    await assertReady(database(c.env.DB));
  } catch (cause) {
    const message = cause instanceof NotMigratedError ? cause.message : "Sign-in does not work yet";
    throw new AppError("UPSTREAM_UNAVAILABLE", { message, cause });
  }
  return c.json(
    { status: "healthy" as const, service: "persona-gateway", version: packageJson.version },
    200,
  );
});

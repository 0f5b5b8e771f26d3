import { createRoute, z } from "@hono/zod-openapi";
import { sql } from "drizzle-orm";
import packageJson from "../../../package.json" with { type: "json" };
import { database } from "../../../src/db/client.ts";
import { errorResponses } from "../../../src/http/error-response.ts";
import { createRouter, jsonResponse } from "../../../src/http/openapi.ts";
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
  await database(c.env.DB).run(sql`SELECT 1`);
  return c.json(
    { status: "healthy" as const, service: "persona-gateway", version: packageJson.version },
    200,
  );
});

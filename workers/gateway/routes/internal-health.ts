import { OpenAPIHono } from "@hono/zod-openapi";
import { askDependencies } from "#src/system/index.ts";
import type { GatewayContext } from "../context.ts";
import { requireOperator } from "../middleware/require-operator.ts";

/** Dependencies with their latency, for the operator (`INTERNAL_TOKEN`). Not part of the API document. */
export const internalHealth = new OpenAPIHono<GatewayContext>();

internalHealth.use("/internal/health", requireOperator);
internalHealth.get("/internal/health", async (c) => {
  const health = await askDependencies(c.var.platform);
  return c.json(health, health.status === "unhealthy" ? 503 : 200);
});

import { OpenAPIHono } from "@hono/zod-openapi";
import { askDependencies } from "#src/system/index.ts";
import packageJson from "../../../package.json" with { type: "json" };
import type { GatewayContext } from "../context.ts";
import { requireOperator } from "../middleware/require-operator.ts";

/** Dependencies with their latency, for the operator (`INTERNAL_TOKEN`). Not part of the API document. */
export const internalHealth = new OpenAPIHono<GatewayContext>();

internalHealth.use("/internal/health", requireOperator);
internalHealth.get("/internal/health", async (c) => {
  const { isUp, dependencies } = await askDependencies(c.var.platform);
  const status = isUp ? "healthy" : "unhealthy";
  const { version } = packageJson;
  return c.json({ status, service: "persona-gateway", version, dependencies }, isUp ? 200 : 503);
});

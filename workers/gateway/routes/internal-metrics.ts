import { OpenAPIHono } from "@hono/zod-openapi";
import { prometheusText, prometheusType } from "#src/observability/metrics/prometheus-text.ts";
import { metricsNow } from "#src/system/index.ts";
import type { GatewayContext } from "../context.ts";
import { requireOperator } from "../middleware/require-operator.ts";

/** Every metric as Prometheus reads it, for the operator (`INTERNAL_TOKEN`). Not part of the API document. */
export const internalMetrics = new OpenAPIHono<GatewayContext>();

internalMetrics.use("/internal/metrics", requireOperator);
internalMetrics.get("/internal/metrics", async (c) =>
  c.body(prometheusText(await metricsNow(c.var.platform)), 200, { "content-type": prometheusType }),
);

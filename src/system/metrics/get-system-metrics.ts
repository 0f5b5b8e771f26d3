import { z } from "@hono/zod-openapi";
import { isoTime } from "#src/kernel/clock.ts";
import { operation } from "#src/operation/operation.ts";
import { metricsNow } from "./metrics-now.ts";
import { metricsView } from "./metrics-view.ts";
import { systemMetricsSchema } from "./schemas.ts";

export const getSystemMetrics = operation({
  name: "getSystemMetrics",
  summary: "What all Workers have counted and measured, by metric",
  input: z.object({}),
  output: systemMetricsSchema,
  run: async (platform) => ({
    collected_at: isoTime(platform.clock.now()),
    metrics: metricsView(await metricsNow(platform)),
  }),
});

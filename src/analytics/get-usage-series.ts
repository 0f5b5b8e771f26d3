import { z } from "@hono/zod-openapi";
import { operation } from "#src/operation/operation.ts";
import { labelledSeries } from "./labelled-series.ts";
import { usageSeriesQuery, usageSeriesSchema } from "./schemas.ts";
import { usageSeries } from "./usage-series.ts";
import { usageSpan } from "./usage-span.ts";

export const getUsageSeries = operation({
  name: "getUsageSeries",
  summary: "What one's executions have used, over time",
  description:
    "By the day or the hour, or by persona, step, model or agent type. An execution counts on the day and in the hour (UTC) in which it ends.",
  input: z.object({ query: usageSeriesQuery }),
  output: usageSeriesSchema,
  run: async ({ db, clock, usage }, { clientId, userId }, { query }) => {
    const span = usageSpan(query, clock.now());
    const { dimension, since, until } = span;
    const days = await usage.ofDays(clientId, { userId, dimension, since, until });
    return labelledSeries(db, usageSeries(span, days), clientId);
  },
});

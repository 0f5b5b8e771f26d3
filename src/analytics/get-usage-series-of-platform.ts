import { z } from "@hono/zod-openapi";
import { tenantWithin } from "#src/kernel/actor.ts";
import { operation } from "#src/operation/operation.ts";
import { usageOfAll } from "#src/read-models/index.ts";
import { clientWithin } from "#src/tenants/index.ts";
import { labelledSeries } from "./labelled-series.ts";
import { usageSeriesQuery, usageSeriesSchema } from "./schemas.ts";
import { usageSeries } from "./usage-series.ts";
import { usageSpan } from "./usage-span.ts";

export const getUsageSeriesOfPlatform = operation({
  name: "getUsageSeriesOfPlatform",
  summary: "What executions of all have used, over time",
  description:
    "Of all tenants within moments of what happens, and personas by their templates; of one tenant at once. " +
    "An execution counts on the day and in the hour (UTC) in which it ends.",
  input: z.object({
    query: usageSeriesQuery.extend({
      client_id: z.string().max(100).optional().openapi({
        description: "A tenant; without it all of them, for a tenant’s own administrators their tenant",
      }),
    }),
  }),
  output: usageSeriesSchema,
  refusals: ["NOT_FOUND"],
  run: async ({ db, clock, usage }, actor, { query: { client_id, ...query } }) => {
    const span = usageSpan(query, clock.now());
    const { dimension, since, until } = span;
    const clientId =
      client_id === undefined ? tenantWithin(actor) : (await clientWithin(db, actor, client_id)).id;
    const days = await (clientId === undefined
      ? usageOfAll(db, { dimension, since, until })
      : usage.ofDays(clientId, { userId: null, dimension, since, until }));
    return labelledSeries(db, usageSeries(span, days), clientId);
  },
});

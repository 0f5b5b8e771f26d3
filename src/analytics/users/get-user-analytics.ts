import { z } from "@hono/zod-openapi";
import { operation } from "#src/operation/operation.ts";
import { countingLag } from "../figures/lag.ts";
import { spanOf } from "../figures/span.ts";
import { whoseFigures } from "../figures/whose.ts";
import { namesOfInstances } from "../persona-name-repository.ts";
import { userAnalyticsQuery, userAnalyticsSchema } from "./schemas.ts";
import { userAnalyticsView } from "./user-analytics-view.ts";
import { userFigures } from "./user-figures.ts";

export const getUserAnalytics = operation({
  name: "getUserAnalytics",
  summary: "Who uses it, and how much",
  description:
    "Counted as it happens, each event once; days are UTC. What is told by persons is of those who have agreed to it; all " +
    "others count in totals, under no id. `tier` and `instance_id` narrow what was made, begun and sent; what else is told " +
    "is of everybody.",
  input: z.object({ query: userAnalyticsQuery }),
  output: userAnalyticsSchema,
  refusals: ["NOT_FOUND"],
  run: async (platform, actor, { query }) => {
    const { db, clock } = platform;
    const now = clock.now();
    const span = spanOf(query, now);
    const clientId = await whoseFigures(db, actor, query.client_id);
    const { tier, instance_id } = query;
    const narrowed =
      instance_id === undefined
        ? { dimension: tier === undefined ? "" : "tier", name: tier ?? "" }
        : { dimension: "persona", name: instance_id };
    const [figures, lag] = await Promise.all([
      userFigures(db, { clientId, ...narrowed }, span),
      countingLag(platform),
    ]);
    const ids = figures.personas.map(({ name }) => name);
    const named = ids.length === 0 ? [] : await namesOfInstances(db, clientId, ids);
    const names = new Map(named.map(({ id, name }) => [id, name]));
    return userAnalyticsView(span, figures, { names, now, lag });
  },
});

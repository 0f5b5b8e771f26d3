import { z } from "@hono/zod-openapi";
import { operation } from "#src/operation/operation.ts";
import { sumsByName } from "../figures/rollup-repository.ts";
import { spanOf, spanQuery, toldPeriod } from "../figures/span.ts";
import { whoseFigures } from "../figures/whose.ts";
import { periodSchema } from "../users/schemas.ts";

const count = z.number().int().nonnegative();
const share = z.number().nonnegative();

const figures = {
  impressions: count.openapi({ description: "Items that were shown" }),
  clicks: count.openapi({ description: "Items of them that somebody went to" }),
  rate: share.openapi({ description: "Clicks of impressions; 0 without any" }),
};

export const recommendationAnalyticsSchema = z
  .object({
    period: periodSchema.openapi({ description: "The days that it is of" }),
    ...figures,
    by_algorithm: z
      .array(z.object({ name: z.string(), ...figures }).openapi("AlgorithmFigures"))
      .openapi({ description: "That with most first" }),
    share_of_popular: share.openapi({
      description: "Of all impressions those that are the same for everybody; 0 without any",
    }),
  })
  .openapi("RecommendationAnalytics");

const shown = "recommendations.shown";
const clicked = "recommendations.clicked";
const maxAlgorithms = 20;

export const getRecommendationAnalytics = operation({
  name: "getRecommendationAnalytics",
  summary: "What recommendations come to: how many are shown, how many are gone to",
  input: z.object({ query: spanQuery }),
  output: recommendationAnalyticsSchema,
  refusals: ["NOT_FOUND"],
  run: async ({ db, clock }, actor, { query }) => {
    const span = spanOf(query, clock.now());
    const clientId = await whoseFigures(db, actor, query.client_id);
    const rows = await sumsByName(db, clientId, [shown, clicked], "algorithm", span, 2 * maxAlgorithms);
    const figuresOf = (fits: (name: string) => boolean) => {
      const sum = (metric: string) =>
        rows.filter((row) => row.metric === metric && fits(row.name)).reduce((total, { n }) => total + n, 0);
      const [impressions, clicks] = [sum(shown), sum(clicked)];
      return { impressions, clicks, rate: impressions === 0 ? 0 : clicks / impressions };
    };
    const all = figuresOf(() => true);
    const popular = figuresOf((name) => name === "popular").impressions;
    return {
      period: toldPeriod(span),
      ...all,
      by_algorithm: [...new Set(rows.map(({ name }) => name))].map((name) => ({
        name,
        ...figuresOf((one) => one === name),
      })),
      share_of_popular: all.impressions === 0 ? 0 : popular / all.impressions,
    };
  },
});

import { z } from "@hono/zod-openapi";
import { clientIdSchema } from "#src/identity/index.ts";
import { recommendationAlgorithms } from "#src/kernel/recommendation-words.ts";
import type { ListQuality } from "#src/objects/recommendations-api.ts";
import { operation } from "#src/operation/operation.ts";
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
      .array(z.object({ name: z.enum(recommendationAlgorithms), ...figures }).openapi("AlgorithmFigures"))
      .openapi({ description: "That with most first" }),
    coverage: share.openapi({
      description: "Of the items that there are, the share that was shown at all; 0 without any",
    }),
    share_of_popular: share.openapi({
      description: "Of all impressions those that are the same for everybody; 0 without any",
    }),
  })
  .openapi("RecommendationAnalytics");

const whoseQuery = spanQuery.extend({
  client_id: clientIdSchema.optional().openapi({
    description: "A tenant; without it one's own: what comes of lists, each tenant counts for itself",
  }),
});

type Sums = Pick<ListQuality, "impressions" | "clicks">;

const sumOf = (rows: readonly Sums[], figure: keyof Sums): number =>
  rows.reduce((sum, row) => sum + row[figure], 0);

const shareOf = (part: number, whole: number): number => (whole === 0 ? 0 : part / whole);

function figuresOf(rows: readonly Sums[]) {
  const [impressions, clicks] = [sumOf(rows, "impressions"), sumOf(rows, "clicks")];
  return { impressions, clicks, rate: shareOf(clicks, impressions) };
}

export const getRecommendationAnalytics = operation({
  name: "getRecommendationAnalytics",
  summary: "What recommendations come to: how many are shown, how many are gone to",
  input: z.object({ query: whoseQuery }),
  output: recommendationAnalyticsSchema,
  refusals: ["NOT_FOUND"],
  run: async ({ db, clock, objects }, actor, { query }) => {
    const span = spanOf(query, clock.now());
    const clientId = await whoseFigures(db, actor, query.client_id ?? actor.clientId);
    const tenant = await objects.personalisation(clientId);
    const asked = { from: span.since, to: span.until - 1 };
    const [days, { shown, items }] = await Promise.all([
      tenant.listQuality(asked),
      tenant.listCoverage(asked),
    ]);
    const all = figuresOf(days);
    const by_algorithm = recommendationAlgorithms
      .map((name) => ({ name, ...figuresOf(days.filter(({ algorithm }) => algorithm === name)) }))
      .filter(({ impressions }) => impressions > 0)
      .sort((one, other) => other.impressions - one.impressions);
    const popular = by_algorithm.find(({ name }) => name === "popular")?.impressions ?? 0;
    return {
      period: toldPeriod(span),
      ...all,
      by_algorithm,
      coverage: Math.min(1, shareOf(shown, items)),
      share_of_popular: shareOf(popular, all.impressions),
    };
  },
});

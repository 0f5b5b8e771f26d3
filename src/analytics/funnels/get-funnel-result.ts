import { z } from "@hono/zod-openapi";
import { operation } from "#src/operation/operation.ts";
import { sumsByName } from "../figures/rollup-repository.ts";
import { spanOf, toldPeriod } from "../figures/span.ts";
import { bucketOf, percentile } from "../histogram.ts";
import { metricOfFunnel } from "./funnel-repository.ts";
import { funnelWithin } from "./get-funnel.ts";
import { funnelParams, funnelResultQuery, funnelResultSchema } from "./schemas.ts";

/** Names of steps, and of buckets of the longest window. */
const max = { steps: 6, buckets: 6 * bucketOf(30 * 86_400_000) };

export const getFunnelResult = operation({
  name: "getFunnelResult",
  summary: "How many took each step of a funnel, and how long that took them",
  input: z.object({ params: funnelParams, query: funnelResultQuery }),
  output: funnelResultSchema,
  refusals: ["NOT_FOUND"],
  run: async ({ db, clock }, actor, { params, query }) => {
    const span = spanOf(query, clock.now());
    const { clientId, key, steps } = await funnelWithin(db, actor, params.funnel_id);
    const metrics = [metricOfFunnel(key)];
    const [counts, lengths] = await db.batch([
      sumsByName(db, clientId, metrics, "step", span, max.steps),
      sumsByName(db, clientId, metrics, "length", span, max.buckets),
    ]);
    const personsAt = (step: number) => counts.find(({ name }) => name === String(step))?.n ?? 0;
    const medianOf = (step: number) =>
      percentile(
        new Map(
          lengths.flatMap(({ name, n }): [number, number][] => {
            const [of, bucket] = name.split(":");
            return of === String(step) ? [[Number(bucket), n]] : [];
          }),
        ),
        0.5,
      );
    const first = personsAt(1);
    return {
      period: toldPeriod(span),
      steps: steps.map(({ event }, index) => ({
        event,
        persons: personsAt(index + 1),
        share: first === 0 ? 0 : personsAt(index + 1) / first,
        median_ms: medianOf(index + 1),
      })),
    };
  },
});

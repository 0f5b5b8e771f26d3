import { z } from "@hono/zod-openapi";
import type { UsageFigures } from "#src/engine/usage-figures.ts";
import { periodEnd, periodStart } from "#src/http/moments.ts";
import { seriesKinds } from "./usage-span.ts";

const count = z.number().int().nonnegative();
const time = z.iso.datetime();

export const usageSeriesQuery = z.strictObject({
  by: z.enum(seriesKinds).default("day").openapi({
    description:
      "`day` and `hour`: everything by that; `persona`, `step`, `model`, `agent`: the ten that most is of, by the day",
  }),
  since: periodStart.optional().openapi({
    description: "From the day on (UTC) that this is in; without it a month, by the hour two days",
  }),
  until: periodEnd
    .optional()
    .openapi({ description: "Up to the day (UTC) that this is in, which is in it; without it today" }),
});

const figures = {
  count: count.openapi({
    description: "Executions that ended; of steps, models and agents finished attempts of tasks",
  }),
  completed: count.openapi({ description: "Those of them that completed" }),
  failed: count.openapi({ description: "Those that failed; the others were cancelled" }),
  fuel: count,
  tokens_in: count.openapi({ description: "Tokens that models were given" }),
  tokens_out: count.openapi({ description: "Tokens that models wrote" }),
  cost_micros: count.openapi({ description: "What providers asked for it, in millionths of a US dollar" }),
  duration_ms: count.openapi({ description: "Milliseconds that they took, together" }),
} satisfies Record<keyof UsageFigures, z.ZodType>;

const usageFiguresSchema = z.object(figures).openapi("UsageFigures");

const usagePointSchema = z
  .object({ at: time.openapi({ description: "When its day or hour begins" }), ...figures })
  .openapi("UsagePoint");

export const usageSeriesSchema = z
  .object({
    by: z.enum(seriesKinds).openapi({ description: "What it is told by" }),
    interval: z.enum(["day", "hour"]).openapi({ description: "What a point is of" }),
    since: time,
    until: time.openapi({ description: "When the last day ends" }),
    total: usageFiguresSchema.openapi({ description: "Of all series together" }),
    series: z
      .array(
        z
          .object({
            name: z.string().nullable().openapi({
              description:
                "The persona’s id (over all tenants its template’s), the step, model or agent type; null of everything that is not named",
            }),
            label: z
              .string()
              .nullable()
              .openapi({ description: "What people call it: the name of the persona or template" }),
            total: usageFiguresSchema.openapi({ description: "Of all its points together" }),
            points: z
              .array(usagePointSchema)
              .openapi({ description: "One for each day or hour, in order, also where nothing was" }),
          })
          .openapi("UsageOfName"),
      )
      .openapi({ description: "That with most first; what has no name of its own last" }),
  })
  .openapi("UsageSeries");
export type UsageSeries = z.infer<typeof usageSeriesSchema>;

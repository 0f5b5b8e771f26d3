import { z } from "@hono/zod-openapi";

const count = z.number().int().nonnegative();

const seriesSchema = z
  .object({
    labels: z
      .record(z.string(), z.string())
      .openapi({ description: "What tells this series apart", example: { status: "completed" } }),
    value: z.number().openapi({ description: "How much it is; of a histogram the sum of what was measured" }),
    count: count.optional().openapi({ description: "Of a histogram: how often it was measured" }),
    buckets: z
      .array(
        z.object({
          le: z.number().nullable().openapi({ description: "Upper bound; null for none" }),
          count: count.openapi({ description: "How many were at most that" }),
        }),
      )
      .optional()
      .openapi({ description: "Of a histogram: how many were how large" }),
  })
  .openapi("MetricSeries");

export const systemMetricsSchema = z
  .object({
    collected_at: z.iso.datetime().openapi({ description: "When it was asked for" }),
    metrics: z
      .array(
        z.object({
          name: z.string().openapi({ example: "ai_persona_workflows_completed_total" }),
          type: z.enum(["counter", "gauge", "histogram"]).openapi({ description: "As Prometheus has it" }),
          help: z.string().openapi({ description: "What it says" }),
          series: z.array(seriesSchema).openapi({ description: "What it is, by its labels" }),
        }),
      )
      .openapi({ description: "Every metric, also one of which nothing has happened yet" }),
  })
  .openapi("SystemMetrics");

export type SystemMetrics = z.output<typeof systemMetricsSchema>;
export type MetricSeries = z.output<typeof seriesSchema>;

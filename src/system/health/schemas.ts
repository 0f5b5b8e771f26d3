import { z } from "@hono/zod-openapi";

export const healthSchema = z
  .object({
    status: z.literal("healthy"),
    service: z.string(),
    version: z.string(),
    timestamp: z.iso.datetime().openapi({ description: "When it was asked" }),
    services: z.record(z.string(), z.literal("healthy")).openapi({
      description: "What were services of their own in older systems: all are this one",
    }),
  })
  .openapi("Health");

const dependencySchema = z
  .object({
    status: z.enum(["up", "degraded", "down"]).openapi({
      description: "Whether it answers; `degraded`: it does not, or not well, and what needs it waits",
    }),
    latency_ms: z.number().openapi({ description: "How long it took to say so" }),
    breaker: z
      .string()
      .optional()
      .openapi({ description: "Of a provider: its circuit breaker, `closed`, `open` or `half_open`" }),
  })
  .openapi("Dependency");
export type DependencyHealth = z.output<typeof dependencySchema>;

export const systemHealthSchema = z
  .object({
    status: z.enum(["healthy", "degraded", "unhealthy"]).openapi({
      description:
        "`unhealthy` when one is down that nothing works without, `degraded` when another is not well",
    }),
    service: z.string().openapi({ description: "Who answers", example: "persona-gateway" }),
    version: z.string().openapi({ description: "Its release" }),
    timestamp: z.iso.datetime().openapi({ description: "When it was asked" }),
    dependencies: z.record(z.string(), dependencySchema).openapi({
      description: "Each by its name: d1, kv, r2, queues, tenant_objects, metrics, and the providers",
    }),
  })
  .openapi("SystemHealth");
export type SystemHealth = z.output<typeof systemHealthSchema>;

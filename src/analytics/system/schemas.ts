import { z } from "@hono/zod-openapi";
import { periodSchema } from "../users/schemas.ts";

const count = z.number().int().nonnegative();
const share = z.number().min(0).max(1);
const said = <T extends z.ZodType>(schema: T, description: string) => schema.openapi({ description });
const ms = z.number().nonnegative().nullable();

const latency = {
  p50_ms: said(ms, "The bound that half of them kept within; null without any"),
  p95_ms: said(ms, "The bound that 95 % kept within; null without any"),
  p99_ms: said(ms, "The bound that 99 % kept within; null without any"),
};

const requests = said(
  z.object({
    count: said(count, "Requests below `/api` that were answered"),
    error_share: said(share, "Of them those with a status of 500 or above"),
    ...latency,
    groups: said(
      z.array(
        z
          .object({
            name: said(z.string(), "The first part of the path"),
            count,
            error_share: said(share, "Those with a status of 500 or above"),
            ...latency,
          })
          .openapi("RouteGroup"),
      ),
      "That with most first",
    ),
  }),
  "Of today (UTC), until their answers began",
);

const platform = z
  .object({
    requests: requests.nullable(),
    queues: said(
      z
        .array(
          z
            .object({
              queue: z.string(),
              backlog: said(count, "Messages that nobody has taken"),
              oldest_seconds: said(count.nullable(), "Age of the oldest; null where none waits"),
            })
            .openapi("QueueBacklog"),
        )
        .nullable(),
      "What waits; null where a queue does not say",
    ),
    providers: said(
      z
        .array(
          z
            .object({
              provider: z.string(),
              calls: said(count, "Each try for itself, since it is counted"),
              errors: said(count, "Those of them that failed"),
              ...latency,
              breaker: said(z.string().nullable(), "Whether calls may go out; null where it does not say"),
            })
            .openapi("ProviderFigures"),
        )
        .nullable(),
      "Who is called; null while nobody can say",
    ),
    running: said(count, "Executions that have begun and not ended"),
    stored_bytes: said(
      z.object({
        files: said(count.nullable(), "In R2, as the last pass through it has found"),
        database: said(count.nullable(), "In D1"),
      }),
      "What is stored, by kind",
    ),
  })
  .openapi("PlatformFigures");

export const systemAnalyticsSchema = z
  .object({
    period: said(periodSchema, "The days that `usage` and `turns` are of"),
    platform: said(
      z.union([platform, z.null()]),
      "Of the whole platform; null for a tenant, and for its staff",
    ),
    usage: said(
      z.object({
        executions: said(count, "Those that ended"),
        tokens_in: said(count, "Tokens that models were given"),
        tokens_out: said(count, "Tokens that models wrote"),
        cost_micros: said(count, "What providers asked for it, in millionths of a US dollar"),
        fuel: count,
      }),
      "What executions have used that ended on these days",
    ),
    running: said(count, "Executions that have begun and not ended, turns of personas among them"),
    open_sockets: said(
      count.nullable(),
      "Of a tenant, at its hub; null over all tenants, and where a hub does not say",
    ),
    first_delta: said(
      z.object({
        count: said(count, "Turns of which it is known"),
        p50_ms: said(ms, "What half of them kept within, to 5 %; null without any"),
        p95_ms: said(ms, "What 95 % kept within, to 5 %; null without any"),
      }),
      "From the beginning of a persona’s turn to its first text",
    ),
    turns: said(z.record(z.string(), count), "Turns of personas that ended, by how they did"),
    conversations: said(z.record(z.string(), count), "How they stand now"),
    late_events: said(count, "Events that came too late to be counted where they belong"),
    lag_seconds: said(
      count.nullable(),
      "How long the oldest event waits that is not counted yet; null where nobody says",
    ),
    services: said(
      z.object({
        auth: z.literal("healthy"),
        chat: z.literal("healthy"),
        admin: z.literal("healthy"),
        personalization: z.literal("healthy"),
      }),
      "What were services of their own in older systems: all are this one, which answers",
    ),
  })
  .openapi("SystemAnalytics");
export type SystemAnalytics = z.infer<typeof systemAnalyticsSchema>;

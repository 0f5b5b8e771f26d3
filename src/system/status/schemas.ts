import { z } from "@hono/zod-openapi";
import { jobOutcomes } from "#src/db/schema/index.ts";

const count = z.number().int().nonnegative();
const time = z.iso.datetime();
const health = z.enum(["healthy", "degraded", "unhealthy"]);
const said = <T extends z.ZodType>(schema: T, description: string) => schema.openapi({ description });
const byName = <T extends z.ZodType>(schema: T, description: string) =>
  said(z.record(z.string(), schema), description);

const serviceSchema = z
  .object({
    name: z.string().openapi({ example: "persona-agents" }),
    status: said(health, "`degraded` while messages wait for it too long"),
    version: said(z.string().optional(), "Its release; of the gateway, which answers"),
    uptime: said(z.string().optional(), "How long the isolate that answers has been there, as in `1h3m7s`"),
  })
  .openapi("ServiceStatus");
export type ServiceStatus = z.output<typeof serviceSchema>;

const databaseSchema = z
  .object({
    name: z.string(),
    status: said(health, "Whether it is the one that this build works on"),
    active_connections: said(z.literal(0), "D1 is asked without connections"),
    size: said(z.string().nullable(), "As in `12 MB`; null while it does not say"),
    size_bytes: said(count.nullable(), "The same in bytes"),
    latency_ms: said(z.number(), "How long it took to answer"),
  })
  .openapi("DatabaseStatus");

const kafkaSchema = z.object({
  status: said(health, "Whether all queues say what waits on them"),
  broker_count: said(count, "Queues that have answered"),
  topic_count: said(count.nullable(), "Logical topics; null while nobody can say"),
  total_consumer_lag: said(
    count.nullable(),
    "Messages on all queues that no consumer has taken yet; null while one does not say",
  ),
});

const circuitCounts = said(
  z.object({
    requests: said(count, "Calls since they are counted, each try for itself"),
    total_successes: said(count, "Those that succeeded"),
    total_failures: said(count, "Those that failed"),
    consecutive_failures: said(count, "Failures since the last success"),
  }),
  "What has come of the calls",
);

const breakerSchema = z
  .object({
    adapter: said(z.string(), "The provider"),
    circuit_breaker: said(z.enum(["closed", "open", "half_open"]), "Whether calls go out"),
    circuit_counts: circuitCounts,
    trips: said(count, "Times that it has opened"),
    retry_at: said(time.nullable(), "When the next call may find out; null while it is closed"),
    is_off: said(z.boolean(), "Whether the operator has switched the provider off"),
  })
  .openapi("BreakerStatus");

const jobSchema = z
  .object({
    job: said(z.string(), "What it does"),
    is_running: said(z.boolean(), "Whether somebody is at it"),
    started_at: said(time, "When it was begun the last time"),
    finished_at: said(time.nullable(), "When it was last over; null before the first time"),
    outcome: said(z.enum(jobOutcomes).nullable(), "What came of it then"),
    error: said(z.string().nullable(), "Why it failed then"),
    duration_ms: said(count.nullable(), "How long it took then"),
    count: said(count.nullable(), "How much it has done then"),
    runs: said(count, "Times that it was begun"),
    failures: said(count, "Times that it failed"),
  })
  .openapi("JobStatus");

export const systemStatusSchema = z
  .object({
    status: said(health, "`unhealthy` while nothing works, `degraded` while something waits or fails"),
    timestamp: said(time, "When it was asked"),
    services: byName(serviceSchema, "The Workers, by name"),
    databases: byName(databaseSchema, "The databases, by name"),
    kafka: said(kafkaSchema, "The queues, under the name that older systems know"),
    breakers: byName(breakerSchema, "The providers’ circuit breakers, by provider"),
    jobs: said(z.array(jobSchema), "What is done by the clock, and how it went the last time"),
    maintenance: said(
      z.object({
        enabled: said(z.boolean(), "Whether there is any"),
        message: said(z.string(), "What whoever is refused is told"),
      }),
      "Whether what changes something is refused",
    ),
  })
  .openapi("SystemStatus");
export type SystemStatus = z.output<typeof systemStatusSchema>;

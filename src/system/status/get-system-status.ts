import { z } from "@hono/zod-openapi";
import { activeAgentsOfAll } from "#src/agent-definitions/index.ts";
import { databaseBytes } from "#src/db/size.ts";
import { allJobs } from "#src/jobs/index.ts";
import { attempt } from "#src/observability/attempt.ts";
import { operation } from "#src/operation/operation.ts";
import type { Platform } from "#src/platform.ts";
import { providerNames } from "#src/providers/index.ts";
import { topicDirectory } from "#src/tasks/index.ts";
import { askDependencies } from "../health/ask-dependencies.ts";
import { queuesNow } from "../queues-now.ts";
import { systemStatusSchema } from "./schemas.ts";
import { statusView } from "./status-view.ts";

export const getSystemStatus = operation({
  name: "getSystemStatus",
  summary: "Services, databases, queues, breakers and jobs at a glance",
  description: "What does not answer is left out or null, and keeps nothing else from being told.",
  input: z.object({}),
  output: systemStatusSchema,
  run: async (platform) => statusView(await known(platform)),
});

async function known(platform: Platform) {
  const { db, queues, objects, clock, log, startedAt } = platform;
  const [health, bytes, measured, agents, breakers, counted, jobs, config] = await Promise.all([
    askDependencies(platform),
    attempt(log, "size of the database", () => databaseBytes(db)),
    attempt(log, "queues", () => queuesNow(queues)),
    attempt(log, "topics", () => activeAgentsOfAll(db)),
    attempt(log, "breakers", () => Promise.all(providerNames.map((name) => objects.breaker(name).view()))),
    attempt(log, "metrics", () => objects.metrics().read()),
    attempt(log, "jobs", () => allJobs(db)),
    platform.config(),
  ]);
  return {
    now: clock.now(),
    startedAt,
    health,
    databaseBytes: bytes,
    queues: measured,
    topics: agents && topicDirectory(agents).length,
    breakers: breakers ?? [],
    counted: counted ?? [],
    jobs: jobs ?? [],
    maintenance: config.maintenance,
  };
}

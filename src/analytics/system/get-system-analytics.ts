import { z } from "@hono/zod-openapi";
import { databaseBytes } from "#src/db/size.ts";
import { noFigures, plusFigures } from "#src/engine/usage-figures.ts";
import { conversationStatuses } from "#src/kernel/chat-words.ts";
import { attempt } from "#src/observability/attempt.ts";
import { operation } from "#src/operation/operation.ts";
import type { Platform } from "#src/platform.ts";
import { providerNames } from "#src/providers/index.ts";
import { countOpenRuns, usageOfAll } from "#src/read-models/index.ts";
import { queuesNow } from "#src/system/index.ts";
import { countingLag } from "../figures/lag.ts";
import { conversationsBy, dayFigures, sumsByName } from "../figures/rollup-repository.ts";
import { type Span, spanOf, spanQuery, toldPeriod } from "../figures/span.ts";
import { whoseFigures } from "../figures/whose.ts";
import { everyTenant, wholeDimension } from "../metrics.ts";
import { storedSurvey } from "../storage/storage-repository.ts";
import { providerFigures, requestFigures } from "./measured.ts";
import { type SystemAnalytics, systemAnalyticsSchema } from "./schemas.ts";

/** Statuses that turns end with. */
const maxStatuses = 10;

export const getSystemAnalytics = operation({
  name: "getSystemAnalytics",
  summary: "How the platform does: requests, queues, providers, what is used and stored",
  description:
    "Staff of a tenant see what that has used and how its conversations stand; the operator's administrators of all what the " +
    "platform does as well. What does not answer is null, and keeps nothing else from being told.",
  input: z.object({ query: spanQuery }),
  output: systemAnalyticsSchema,
  refusals: ["NOT_FOUND"],
  run: async (platform, actor, { query }) => {
    const { db, clock } = platform;
    const span = spanOf(query, clock.now());
    const clientId = await whoseFigures(db, actor, query.client_id);
    const whole = { clientId, dimension: wholeDimension, name: "" };
    const [[standing, turns, late], usage, measured, lag] = await Promise.all([
      db.batch([
        conversationsBy(db, "conversations.status", clientId),
        sumsByName(db, clientId, ["turns.ended"], "status", span, maxStatuses),
        dayFigures(db, whole, ["late_events"], span),
      ]),
      usageOf(platform, clientId, span),
      clientId === everyTenant ? platformFigures(platform) : null,
      countingLag(platform),
    ]);
    return {
      period: toldPeriod(span),
      platform: measured,
      usage,
      turns: Object.fromEntries(turns.map(({ name, n }) => [name, n])),
      conversations: Object.fromEntries(
        conversationStatuses.map((status) => [
          status,
          standing.find(({ key }) => key === status)?.count ?? 0,
        ]),
      ),
      late_events: late.reduce((sum, { n }) => sum + n, 0),
      lag_seconds: lag,
      services: { auth: "healthy", chat: "healthy", admin: "healthy", personalization: "healthy" } as const,
    };
  },
});

/** What executions have used: as the tenant's objects have counted it, or the read model of all. */
async function usageOf({ db, usage }: Platform, clientId: string, { since, until }: Span) {
  const query = { dimension: "hour" as const, since, until };
  const days = await (clientId === everyTenant
    ? usageOfAll(db, query)
    : usage.ofDays(clientId, { userId: null, ...query }));
  const { count, tokens_in, tokens_out, cost_micros, fuel } = days
    .flatMap(({ names }) => Object.values(names))
    .reduce(plusFigures, noFigures);
  return { executions: count, tokens_in, tokens_out, cost_micros, fuel };
}

async function platformFigures({
  db,
  queues,
  objects,
  clock,
  log,
}: Platform): Promise<SystemAnalytics["platform"]> {
  const [today, counted, waiting, breakers, open, survey, database] = await Promise.all([
    attempt(log, "metrics", () => objects.metrics().readToday()),
    attempt(log, "metrics", () => objects.metrics().read()),
    attempt(log, "queues", () => queuesNow(queues)),
    attempt(log, "breakers", () => Promise.all(providerNames.map((name) => objects.breaker(name).view()))),
    countOpenRuns(db),
    storedSurvey(db),
    attempt(log, "size of the database", () => databaseBytes(db)),
  ]);
  return {
    requests: today ? requestFigures(today) : null,
    queues:
      waiting?.map(({ queue, backlog, oldest_message_at: at }) => ({
        queue,
        backlog,
        oldest_seconds: at === null ? null : Math.max(0, Math.round((clock.now() - Date.parse(at)) / 1000)),
      })) ?? null,
    providers: counted
      ? providerNames.map((provider) => ({
          provider,
          ...providerFigures(counted, provider),
          breaker: breakers?.find((one) => one.provider === provider)?.status ?? null,
        }))
      : null,
    running: open.reduce((sum, row) => sum + row.open, 0),
    stored_bytes: { files: survey.bytes, database: database ?? null },
  };
}

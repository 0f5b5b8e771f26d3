import { z } from "@hono/zod-openapi";
import { databaseBytes } from "#src/db/size.ts";
import { noFigures, plusFigures } from "#src/engine/usage-figures.ts";
import { hubSpreadOf } from "#src/identity/index.ts";
import { conversationStatuses } from "#src/kernel/chat-words.ts";
import { allHubShards } from "#src/objects/hub-spread.ts";
import { attempt } from "#src/observability/attempt.ts";
import { operation } from "#src/operation/operation.ts";
import type { Platform } from "#src/platform.ts";
import { providerNames } from "#src/providers/index.ts";
import { countOpenRuns, usageOfAll } from "#src/read-models/index.ts";
import { queuesNow } from "#src/system/index.ts";
import { countingLag } from "../figures/lag.ts";
import { lengthsOf, maxBuckets } from "../figures/lengths.ts";
import { conversationsBy, dayFigures, sumsByName } from "../figures/rollup-repository.ts";
import { type Span, spanOf, spanQuery, toldPeriod } from "../figures/span.ts";
import { whoseFigures } from "../figures/whose.ts";
import { everyTenant, lengthDimension, wholeDimension } from "../metrics.ts";
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
    const isOfAll = clientId === everyTenant;
    const [[standing, turns, firstDeltas, late], usage, measured, lag, open, sockets] = await Promise.all([
      db.batch([
        conversationsBy(db, "conversations.status", clientId),
        sumsByName(db, clientId, ["turns.ended"], "status", span, maxStatuses),
        sumsByName(db, clientId, ["turns.first_delta"], lengthDimension, span, maxBuckets),
        dayFigures(db, whole, ["late_events"], span),
      ]),
      usageOf(platform, clientId, span),
      isOfAll ? platformFigures(platform) : null,
      countingLag(platform),
      countOpenRuns(db, isOfAll ? undefined : clientId),
      isOfAll ? null : openSocketsOf(platform, clientId),
    ]);
    return {
      period: toldPeriod(span),
      platform: measured,
      usage,
      running: open.reduce((sum, row) => sum + row.open, 0),
      open_sockets: sockets,
      first_delta: lengthsOf(firstDeltas),
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

/** How many sockets are open at a tenant's hubs; null where one does not say. */
async function openSocketsOf({ db, objects, clock, log }: Platform, clientId: string) {
  const counts = await attempt(log, "hubs", async () => {
    const shards = allHubShards(await hubSpreadOf(db, clientId), clock.now());
    return Promise.all(shards.map(async (shard) => (await objects.hub(clientId, shard)).openSockets()));
  });
  return counts?.reduce((sum, count) => sum + count, 0) ?? null;
}

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

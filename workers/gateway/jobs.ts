import { v7 as uuidv7 } from "uuid";
import { sweepImports } from "#src/administration/index.ts";
import { countFunnels, measureStorage, pruneAnalytics, sketchActivePersons } from "#src/analytics/index.ts";
import { keepConversations, releaseAbsentHolders, sweepExports } from "#src/chat/index.ts";
import { expireOrders, forgetCommerceKeys } from "#src/commerce/index.ts";
import { forgetUnasked } from "#src/commerce-tools/index.ts";
import { sweepEvents } from "#src/events/index.ts";
import { handOverHistory } from "#src/history/index.ts";
import { forgetIdempotencyKeys } from "#src/idempotency/index.ts";
import {
  endDeadSessions,
  forgetFailures,
  forgetOneTimeTokens,
  notifyTiers,
  scrubDeletedUsers,
  sweepEndedSessions,
  sweepRunsOfDeleted,
} from "#src/identity/index.ts";
import { type Job, runFreeJobs } from "#src/jobs/index.ts";
import { dayMs } from "#src/kernel/clock.ts";
import { createLogger } from "#src/observability/logger.ts";
import { childOf, formatTraceparent } from "#src/observability/trace-context.ts";
import { logLevelOf, platformOf } from "#src/platform.ts";
import { forgetOpenTasks, pruneRunLists } from "#src/read-models/index.ts";
import { wakeQuietRuns } from "#src/runs/index.ts";
import { endLapsedSubscriptions, tellProvider } from "#src/subscriptions/index.ts";
import { tellFollowers } from "#src/system/index.ts";
import { telemetryOf } from "#src/telemetry-platform.ts";
import { sweepGates } from "#src/tenants/index.ts";
import { sweepTriggers } from "#src/triggers/index.ts";
import { forgetVisitors } from "#src/visitors/index.ts";
import { sweepWebhooks } from "#src/webhooks/index.ts";
import type { GatewayEnv } from "./env.ts";

/** What the cron trigger runs, by name (docs/operations.md#jobs). */
export const jobs: Readonly<Record<string, Job>> = {
  "deliver waiting events": ({ db, objects, log }) =>
    sweepEvents({ db, logOf: objects.workflows, logger: log }),
  "deliver waiting events of commerce": ({ commerce: { db }, objects, log }) =>
    sweepEvents({ db, logOf: objects.workflows, logger: log }),
  "end orders that nobody has confirmed": (platform, now) => expireOrders(platform, now),
  "tell what was configured": tellFollowers,
  "tell access gates": sweepGates,
  "tell access gates of ended sessions": sweepEndedSessions,
  "stop runs of deleted accounts": sweepRunsOfDeleted,
  "remove personal data of deleted accounts": scrubDeletedUsers,
  "let go of conversations whose holders are there no more": releaseAbsentHolders,
  "end dead sessions": ({ db, settings }, now) =>
    endDeadSessions(db, now, now - settings.SESSION_IDLE_SECONDS * 1000),
  "end trials and lapsed subscriptions": (platform, now) =>
    // Told right after, and what remains from before as well.
    endLapsedSubscriptions(platform, now).finally(() => notifyTiers(platform)),
  "tell the payment provider": tellProvider,
  "take up interrupted imports": sweepImports,
  "take up and forget exports": sweepExports,
  "wake objects with quiet runs": wakeQuietRuns,
  "hand history of releases before to its objects": handOverHistory,
  "end the lists of runs over all tenants": pruneRunLists,
  "forget open tasks of quiet objects": ({ db }, now) => forgetOpenTasks(db, now - dayMs),
  "tell objects of webhooks": sweepWebhooks,
  "tell logs of triggers": sweepTriggers,
  "forget idempotency keys": ({ db }, now) => forgetIdempotencyKeys(db, now),
  "forget keys of commerce": ({ commerce }, now) => forgetCommerceKeys(commerce.db, now),
  "forget what personas have changed unasked": ({ commerce }, now) => forgetUnasked(commerce.db, now),
  "forget mailed tokens": ({ db }, now) => forgetOneTimeTokens(db, now),
  "forget visitors": forgetVisitors,
  "archive and erase ended conversations": keepConversations,
  "forget old sign-in failures": ({ db }, now) => forgetFailures(db, now),
  "count steps of funnels": ({ db }) => countFunnels(db),
  "note who was active": ({ db }) => sketchActivePersons(db),
  "end figures that are kept no longer": ({ db }, now) => pruneAnalytics(db, now),
  "measure what lies in R2": (platform, now) => measureStorage(platform, now),
};

/** Runs the jobs of a tick. */
export async function runJobs(env: GatewayEnv, now: number): Promise<void> {
  const behind: Promise<unknown>[] = [];
  const platform = platformOf(env, {
    requestId: uuidv7({ msecs: now }),
    traceparent: formatTraceparent(childOf(undefined)),
    log: createLogger("jobs", logLevelOf(env), {}, telemetryOf(env).logs),
    waitUntil: (work) => behind.push(work),
  });
  await runFreeJobs(platform, jobs, now);
  platform.deliver();
  await Promise.all(behind);
}

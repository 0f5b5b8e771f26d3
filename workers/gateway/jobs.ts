import { database } from "#src/db/client.ts";
import { sweepEvents } from "#src/events/event-outbox.ts";
import { forgetIdempotencyKeys } from "#src/idempotency/idempotency-key-repository.ts";
import { scrubDeletedUsers } from "#src/identity/accounts/scrub-deleted-users.ts";
import { sweepRunsOfDeleted } from "#src/identity/accounts/stop-runs.ts";
import { notifyTiers, sweepEndedSessions } from "#src/identity/gates/notify-gates.ts";
import { forgetFailures } from "#src/identity/passwords/login-failure-repository.ts";
import { forgetOneTimeTokens } from "#src/identity/passwords/one-time-token-repository.ts";
import { endDeadSessions } from "#src/identity/sessions/session-repository.ts";
import { settingsOf } from "#src/kernel/config.ts";
import { createLogger, errorFields } from "#src/observability/logger.ts";
import { wakeQuietRuns } from "#src/runs/administration/wake-quiet-runs.ts";
import { sweepSlots } from "#src/runs/content-slot-repository.ts";
import { endLapsedSubscriptions } from "#src/subscriptions/end-lapsed-subscriptions.ts";
import { sweepGates } from "#src/tenants/update-client.ts";
import type { GatewayEnv } from "./env.ts";
import { eventDelivery } from "./event-delivery.ts";
import { allWorkflowsOf } from "./persona-context.ts";
import { scrubContext } from "./scrub-context.ts";
import { gateContext } from "./shut-out.ts";
import { stopRunsContext } from "./stop-runs.ts";
import { tenantContext } from "./tenant-context.ts";
import { sweepUserImports } from "./user-imports.ts";

type Job = (env: GatewayEnv, now: number) => Promise<unknown>;

const logger = createLogger("jobs");

/** What the cron trigger runs, by name; each is safe to repeat and to interrupt. */
const jobs: Record<string, Job> = {
  "deliver waiting events": (env) => sweepEvents(eventDelivery(env, logger)),
  "tell access gates": (env) => sweepGates(tenantContext(env)),
  "free places in content quotas": (env, now) => sweepSlots(database(env.DB), now),
  "tell access gates of ended sessions": (env) => sweepEndedSessions(gateContext(env)),
  "stop runs of deleted accounts": (env) => sweepRunsOfDeleted(stopRunsContext(env)),
  "remove personal data of deleted accounts": (env) => scrubDeletedUsers(scrubContext(env)),
  "end dead sessions": (env, now) =>
    endDeadSessions(database(env.DB), now, now - settingsOf(env).SESSION_IDLE_SECONDS * 1000),
  "end trials and lapsed subscriptions": (env, now) =>
    // Told right after, and what remains from before as well.
    endLapsedSubscriptions(database(env.DB), now).finally(() => notifyTiers(gateContext(env))),
  "take up interrupted imports": (env) => sweepUserImports(env),
  "wake objects with quiet runs": (env, now) =>
    wakeQuietRuns({ db: database(env.DB), workflowsOf: (clientId) => allWorkflowsOf(env, clientId) }, now),
  "forget idempotency keys": (env, now) => forgetIdempotencyKeys(database(env.DB), now),
  "forget mailed tokens": (env, now) => forgetOneTimeTokens(database(env.DB), now),
  "forget old sign-in failures": (env, now) => forgetFailures(database(env.DB), now),
};

/** Runs every job; one that fails is logged and holds up no other. */
export async function runJobs(env: GatewayEnv, now: number): Promise<void> {
  await Promise.all(
    Object.entries(jobs).map(async ([job, run]) => {
      try {
        await run(env, now);
      } catch (error) {
        logger.error("job failed", { job, ...errorFields(error) });
      }
    }),
  );
}

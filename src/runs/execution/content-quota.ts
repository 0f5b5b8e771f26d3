import type { Account } from "#src/kernel/actor.ts";
import { AppError } from "#src/kernel/app-error.ts";
import type { StartedRun } from "#src/objects/runs-api.ts";
import type { Platform } from "#src/platform.ts";
import { billingPeriodStart } from "#src/subscriptions/index.ts";
import { bindSlot, freeSlot, takeSlot } from "./content-slot-repository.ts";

/**
 * Starts a run within the caller's content quota (completed executions in the
 * billing period). However many are started at once, no more go through than the
 * tier allows. The unlimited tier costs nothing here.
 * @param subscribedAt when the caller's subscription began, epoch milliseconds; billing periods count from there
 * @throws AppError `QUOTA_EXCEEDED`
 */
export async function withContentQuota(
  { db, clock }: Pick<Platform, "db" | "clock">,
  { userId, tier }: Account,
  { key, subscribedAt }: { key: string; subscribedAt: number | null },
  start: () => Promise<StartedRun>,
): Promise<StartedRun> {
  if (tier === "enterprise") return start();
  const now = clock.now();
  const periodStart = billingPeriodStart(subscribedAt ?? 0, now);
  if (!(await takeSlot(db, { key, userId, periodStart, now }))) {
    throw new AppError("QUOTA_EXCEEDED", {
      details: { resource: "content", period_start: new Date(periodStart).toISOString() },
    });
  }
  const started = await start().catch(async (error: unknown) => {
    // Only a refusal: a call that broke off may have started the run, so its slot is left to time.
    if (error instanceof AppError && error.code !== "CONFLICT") await freeSlot(db, key, userId);
    throw error;
  });
  await bindSlot(db, key, started.correlationId);
  return started;
}

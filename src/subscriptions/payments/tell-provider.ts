import { mapConcurrent } from "#src/kernel/map-concurrent.ts";
import type { Platform } from "#src/platform.ts";
import { isInForce } from "../is-in-force.ts";
import type { SubscriptionRow } from "../subscription-repository.ts";
import { noteTold, subscriberById, untoldSubscriptions } from "./payment-repository.ts";
import { settle } from "./settle.ts";

/** The rest waits for the next run of the job. */
const maxAtOnce = 100;
const maxSideBySide = 4;

/** Has the payment provider bill a subscription as it goes on here: not at all when it is over. */
async function tell(platform: Platform, row: SubscriptionRow): Promise<void> {
  const { externalId } = row;
  if (externalId !== null) {
    const payments = platform.payments();
    if (!isInForce(row, platform.clock.now())) await payments.end(externalId);
    else await payments.setEnding(externalId, row.status === "canceled");
  }
  await noteTold(platform.db, row);
  if (externalId !== null) await settle(platform, externalId);
}

/** Tells the provider, behind the answer, what somebody has changed here about what it bills. */
export const tellProviderLater = (platform: Platform, { userId, untoldSince }: SubscriptionRow): void => {
  if (untoldSince === null) return;
  platform.later("the payment provider is not told yet", async () => {
    const found = await subscriberById(platform.db, userId);
    if (found?.subscription.untoldSince) await tell(platform, found.subscription);
  });
};

/**
 * The cron job: tells the provider what it has not been told. One that fails holds up no other.
 * @returns how many it has been told of
 */
export async function tellProvider(platform: Platform): Promise<number> {
  const waiting = await untoldSubscriptions(platform.db, maxAtOnce);
  const failures: unknown[] = [];
  await mapConcurrent(waiting, maxSideBySide, async (row) => {
    try {
      await tell(platform, row);
    } catch (error) {
      failures.push(error);
    }
  });
  if (failures.length > 0)
    throw new AggregateError(failures, `${failures.length} of ${waiting.length} changes are not told yet`);
  return waiting.length;
}

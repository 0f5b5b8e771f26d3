import type { ContentLimit } from "#src/engine/start-run.ts";
import type { Account } from "#src/kernel/actor.ts";
import type { HistoryApi } from "#src/objects/history-api.ts";
import { billingPeriodStart } from "#src/subscriptions/index.ts";

/** What the caller's tier allows. */
interface Allowed {
  /** Negative for any number. */
  maxContent: number;
  /** When the subscription began, epoch milliseconds; billing periods count from there. */
  subscribedAt: number | null;
}

/**
 * How much content the caller may make; undefined where nothing limits it. The object that starts the run counts; of a
 * tenant that is spread, what the others have is asked right before, so only runs that begin in several of them in this
 * very moment can be more than the tier allows.
 */
export async function contentLimit(
  { userId }: Pick<Account, "userId">,
  { maxContent: max, subscribedAt }: Allowed,
  others: readonly Pick<HistoryApi, "contentOfUser">[],
  now: number,
): Promise<ContentLimit | undefined> {
  if (max < 0) return undefined;
  const periodStart = billingPeriodStart(subscribedAt ?? 0, now);
  const used = await Promise.all(others.map((object) => object.contentOfUser(userId, periodStart)));
  const elsewhere = used.reduce((sum, { completed, open }) => sum + completed + open, 0);
  return { max, periodStart, elsewhere };
}

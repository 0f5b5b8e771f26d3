import type { Platform } from "#src/platform.ts";
import type { Billed } from "#src/providers/index.ts";
import {
  byItself,
  type ChangedBy,
  changeSubscriptionRow,
  type Subscribed,
} from "../change-subscription-row.ts";
import { describedChange } from "../described-change.ts";
import { graceMsOf } from "../grace.ts";
import { isInForce } from "../is-in-force.ts";
import type { SubscriptionRow } from "../subscription-repository.ts";
import { billedRow } from "./billed-row.ts";
import { recordMovements, subscriberById } from "./payment-repository.ts";

/** Whether a subscription is paid for, or given, by other means than what is billed by that id. */
const isAnother = (row: SubscriptionRow, billedId: string, now: number): boolean =>
  row.externalId !== billedId && row.tier !== "free" && isInForce(row, now);

/**
 * Has a subscription be as the payment provider has it, and the ledger say what has been paid; as often as one likes.
 * What was paid for beside a subscription that is in force (two pages that were both paid) is ended and given back.
 * @returns the subscription; undefined where it is nobody's
 * @throws AppError where the provider is away
 */
export async function settle(
  platform: Platform,
  billedId: string,
  by: ChangedBy = byItself,
): Promise<SubscriptionRow | undefined> {
  const { db, clock, settings, log } = platform;
  const payments = platform.payments();
  const billed = await payments.findBilled(billedId);
  if (!billed || billed.status === "unpaid") return undefined;
  const found = await subscriberById(db, billed.userId);
  if (!found) return undefined;
  await recordPaid(platform, billed);
  if (isAnother(found.subscription, billedId, clock.now()) || found.user.deletedAt !== null) {
    if (billed.status === "ended") return undefined;
    log.warn("paid for beside another subscription: ended and given back", { user_id: billed.userId });
    await payments.end(billedId);
    await payments.refundLatest(billedId);
    await recordPaid(platform, billed);
    return undefined;
  }
  let latest = billed;
  return changeSubscriptionRow(
    platform,
    by,
    async (): Promise<Subscribed> => {
      const subscribed = (await subscriberById(db, billed.userId)) ?? found;
      // Asked after the row was read: what was asked before may be older than what another notice has written there.
      latest = (await payments.findBilled(billedId)) ?? billed;
      return subscribed;
    },
    (before, now) => {
      if (isAnother(before, billedId, now)) return undefined;
      // It began and ended without us: only its payments are of interest.
      if (before.externalId !== billedId && latest.status === "ended") return undefined;
      // What has ended here stays so, and is told to the provider.
      if (before.externalId === billedId && before.untoldSince !== null) return undefined;
      if (before.externalId === billedId && before.status === "expired") return undefined;
      const after = billedRow(before, latest, { now, graceMs: graceMsOf(settings) });
      const change = describedChange(before, after);
      return change && { ...change, isTold: true };
    },
  );
}

/** Writes into the ledger what somebody has paid and got back. */
async function recordPaid({ db, payments }: Platform, { customerId, userId, id }: Billed): Promise<void> {
  const movements = await payments().movementsOf(customerId);
  const [first, ...others] = recordMovements(db, userId, id, movements);
  if (first) await db.batch([first, ...others]);
}

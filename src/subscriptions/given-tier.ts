import type { Tier } from "#src/kernel/actor.ts";
import { isInForce } from "./is-in-force.ts";
import type { SubscriptionRow } from "./subscription-repository.ts";

/** The tier that a subscription gives its user at a time: none but the free one when it is over. */
export const givenTier = (row: SubscriptionRow, now: number): Tier =>
  isInForce(row, now) ? row.tier : "free";

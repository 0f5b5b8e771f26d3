import { type Tier, tiers } from "#src/kernel/actor.ts";
import type { TierChange } from "#src/objects/access-gate-api.ts";

/**
 * How much later than a change a token may still carry what was before it: one
 * that was being made meanwhile, by a clock that differs.
 */
export const tokenMarginMs = 60_000;

/**
 * Whether a token claims a higher tier than its account has had since. The tier
 * is compared as well as the time: a token that is fetched within the margin
 * after the change, or within the second of it, is good.
 */
export const claimsLostTier = (
  { actor, issuedAt }: { actor: { tier: Tier }; issuedAt: number },
  change: Pick<TierChange, "tier" | "changedAt"> | undefined,
): boolean =>
  change !== undefined &&
  isHigherTier(actor.tier, change.tier) &&
  issuedAt * 1000 < change.changedAt + tokenMarginMs;

/** Whether one tier is above another. */
export const isHigherTier = (tier: Tier, other: Tier): boolean => tiers.indexOf(tier) > tiers.indexOf(other);

import type { VerifiedToken } from "./access-token.ts";
import { type Tier, tiers } from "./principal.ts";

/** That an account's tier has changed. Times in epoch milliseconds. */
export interface TierChange {
  userId: string;
  /** What it is now. */
  tier: Tier;
  changedAt: number;
  /** When the last token with another tier has run out. */
  until: number;
}

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
  { principal, issuedAt }: Pick<VerifiedToken, "principal" | "issuedAt">,
  change: Pick<TierChange, "tier" | "changedAt"> | undefined,
): boolean =>
  change !== undefined &&
  isHigherTier(principal.tier, change.tier) &&
  issuedAt * 1000 < change.changedAt + tokenMarginMs;

/** Whether one tier is above another. */
export const isHigherTier = (tier: Tier, other: Tier): boolean => tiers.indexOf(tier) > tiers.indexOf(other);

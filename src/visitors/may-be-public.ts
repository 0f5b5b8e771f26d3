import { type Tier, tiers } from "#src/kernel/actor.ts";

/** The lowest tier whose personas talk with visitors, who have no account that anything could be laid to. */
export const publicTier = "premium" satisfies Tier;

/** Whether personas of an owner of a tier may be published for visitors. */
export const mayBePublic = (tier: Tier): boolean => tiers.indexOf(tier) >= tiers.indexOf(publicTier);

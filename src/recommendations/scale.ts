/** After so long an interaction counts half. */
const halfLifeMs = 90 * 86_400_000;

/**
 * When an interaction weighs 1: from when the scale runs. A weight of 32 bits holds 2^127, which is 31 years from here; what came before is less than 1.
 */
export const beginning = Date.UTC(2026, 0, 1);

/**
 * What an interaction of a time weighs for ever. Instead of letting all older weights sink, which would rewrite them,
 * newer ones are larger: the ratios are the same.
 */
export const weightAt = (at: number): number => 2 ** ((at - beginning) / halfLifeMs);

/** What a sum of such weights is worth at a time, in interactions of that time. */
export const worthAt = (weight: number, now: number): number => weight / weightAt(now);

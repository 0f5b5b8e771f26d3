import type { Entry } from "./catalogue.ts";
import { betaSample } from "./chance.ts";

/** The share of places that are for what nobody knows yet. */
const exploredShare = 0.1;

const newForMs = 7 * 86_400_000;
/** Views after which an item has had its chance. */
const fewViews = 50;

/** Whether an item is tried out: it is young, and few have seen it. */
export const isTriedOut = ({ addedAt, views }: Entry, now: number): boolean =>
  now - addedAt < newForMs && views < fewViews;

/** How many places of a list are for what is tried out: a tenth; what is not whole, by chance. */
export function placesToTry(limit: number, chance: () => number): number {
  const share = limit * exploredShare;
  return Math.floor(share) + (chance() < share % 1 ? 1 : 0);
}

/** Chooses what to try: whichever may be clicked most, by a draw from what is known of each (Thompson sampling). */
export function tried(candidates: readonly Entry[], places: number, chance: () => number): number[] {
  if (places === 0) return [];
  return candidates
    .map(({ number, views, clicks }) => ({
      number,
      drawn: betaSample(chance, clicks, Math.max(0, views - clicks)),
    }))
    .sort((one, other) => other.drawn - one.drawn || one.number - other.number)
    .slice(0, places)
    .map(({ number }) => number);
}

/**
 * Whether the time at which a run wakes must be written. Where that would be later, what is written stays: the run is
 * looked at once too early, which is cheaper than a write with every step.
 */
export const isWakeNews = (before: number | null, after: number | null, now: number): boolean =>
  before === null || after === null ? before !== after : after < before || before <= now;

/** The time source handed to everything that needs one; tests pass their own. */
export interface Clock {
  /** Epoch milliseconds. */
  now(): number;
}

export const systemClock: Clock = { now: () => Date.now() };

export const dayMs = 86_400_000;

/** The UTC day of a time in epoch milliseconds, in days since 1970-01-01. */
export const dayOf = (at: number): number => Math.floor(at / dayMs);

/** Epoch milliseconds as ISO 8601 UTC, the wire's time format. */
export const isoTime = (milliseconds: number): string => new Date(milliseconds).toISOString();

/** `isoTime`, passing null through. */
export const isoTimeOrNull = (milliseconds: number | null): string | null =>
  milliseconds === null ? null : isoTime(milliseconds);

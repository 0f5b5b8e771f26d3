/** The time source handed to everything that needs one; tests pass their own. */
export interface Clock {
  /** Epoch milliseconds. */
  now(): number;
}

export const systemClock: Clock = { now: () => Date.now() };

/** Epoch milliseconds as ISO 8601 UTC, the wire's time format. */
export const isoTime = (milliseconds: number): string => new Date(milliseconds).toISOString();

/** `isoTime`, passing null through. */
export const isoTimeOrNull = (milliseconds: number | null): string | null =>
  milliseconds === null ? null : isoTime(milliseconds);

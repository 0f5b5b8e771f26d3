const windowMs = 1000;

/** Holds deliveries to so many in any second. It is known in memory only: an object that wakes begins anew. */
export class Pace {
  /** When the last ones began, oldest first; no more than the limit. */
  #starts: number[] = [];

  /**
   * When the next one may begin.
   * @param limit deliveries a second; null for any number
   */
  next(limit: number | null, now: number): number {
    if (limit === null || this.#starts.length < limit) return now;
    return Math.max(now, (this.#starts.at(-limit) ?? 0) + windowMs);
  }

  begin(limit: number | null, now: number): void {
    if (limit === null) return;
    this.#starts.push(now);
    this.#starts = this.#starts.slice(-limit);
  }
}

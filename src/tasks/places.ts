/** So many places for work of a kind that must not all be done at once. */
export class Places {
  #free: number;
  readonly #waiting = new Set<() => void>();

  constructor(places: number) {
    this.#free = places;
  }

  /** Takes a place that is free now. */
  take(): boolean {
    if (this.#free === 0) return false;
    this.#free--;
    return true;
  }

  /** Takes the next place that becomes free; false when none has within so many milliseconds. */
  async wait(milliseconds: number): Promise<boolean> {
    if (this.take()) return true;
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const got = () => resolve(true);
    this.#waiting.add(got);
    const timer = setTimeout(() => {
      if (this.#waiting.delete(got)) resolve(false);
    }, milliseconds);
    const isMine = await promise;
    clearTimeout(timer);
    return isMine;
  }

  /** Gives a place back; whoever has waited longest has it. */
  leave(): void {
    const [first] = this.#waiting;
    if (!first) {
      this.#free++;
      return;
    }
    this.#waiting.delete(first);
    first();
  }
}

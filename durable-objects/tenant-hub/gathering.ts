/** Does something with everybody who has asked for it, together, a while after the first of them did. */
export class Gathering<T> {
  readonly #waiting = new Set<T>();
  readonly #afterMs: number;
  readonly #work: (one: T) => void;

  /** @param work must not throw: the others would go without */
  constructor(afterMs: number, work: (one: T) => void) {
    this.#afterMs = afterMs;
    this.#work = work;
  }

  add(one: T): void {
    if (this.#waiting.size === 0) setTimeout(() => this.#run(), this.#afterMs);
    this.#waiting.add(one);
  }

  #run(): void {
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const one of waiting) this.#work(one);
  }
}

interface Waiter {
  wake(): void;
}

/** Key of whoever waits for anything at all. */
const anything = "";

/** Wakes whoever waits in this object for what has been written, and nobody else: a write costs the same however many wait. */
export class ChangeSignal {
  readonly #waiting = new Map<string, Set<Waiter>>();
  readonly #changed = new Set<string>();

  /** Notes that something about a run (or another entity) is being written. */
  touch(id: string): void {
    if (this.#waiting.size > 0) this.#changed.add(id);
  }

  /** Wakes those who wait for what was touched since the last time. */
  notify(): void {
    if (this.#changed.size === 0) return;
    for (const id of this.#changed) this.#wake(id);
    this.#changed.clear();
    this.#wake(anything);
  }

  /**
   * Resolves with what `read` gives once it is done, looked at now and after
   * every change; after `timeoutMs` with whatever it gives.
   * @param id what the change must be about; anything when left out
   */
  async until<T>(
    read: () => { done: boolean; value: T },
    timeoutMs: number,
    id: string = anything,
  ): Promise<T> {
    const first = read();
    if (first.done || timeoutMs <= 0) return first.value;
    return new Promise<T>((resolve, reject) => {
      const waiter: Waiter = {
        wake: () => {
          try {
            const { done, value } = read();
            if (done) end(() => resolve(value));
          } catch (error) {
            end(() => reject(error));
          }
        },
      };
      const end = (settle: () => void) => {
        clearTimeout(timer);
        this.#remove(id, waiter);
        settle();
      };
      const timer = setTimeout(() => end(() => resolve(read().value)), timeoutMs);
      this.#waiting.set(id, (this.#waiting.get(id) ?? new Set()).add(waiter));
    });
  }

  #wake(id: string): void {
    for (const waiter of [...(this.#waiting.get(id) ?? [])]) waiter.wake();
  }

  #remove(id: string, waiter: Waiter): void {
    const waiting = this.#waiting.get(id);
    waiting?.delete(waiter);
    if (waiting?.size === 0) this.#waiting.delete(id);
  }
}

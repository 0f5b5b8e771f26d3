/** Wakes whoever waits in this object when something has been written. */
export class ChangeSignal {
  readonly #waiting = new Set<() => void>();

  notify(): void {
    for (const wake of this.#waiting) wake();
    this.#waiting.clear();
  }

  /** Resolves with what `read` gives once it is done, looked at now and after every change; after `timeoutMs` with whatever it gives. */
  async until<T>(read: () => { done: boolean; value: T }, timeoutMs: number): Promise<T> {
    const deadline = Date.now() + timeoutMs;
    for (;;) {
      const { done, value } = read();
      const remaining = deadline - Date.now();
      if (done || remaining <= 0) return value;
      await this.#change(remaining);
    }
  }

  #change(timeoutMs: number): Promise<void> {
    return new Promise((resolve) => {
      const wake = () => {
        clearTimeout(timer);
        this.#waiting.delete(wake);
        resolve();
      };
      const timer = setTimeout(wake, timeoutMs);
      this.#waiting.add(wake);
    });
  }
}

/** Connections that an invocation may have waiting for the beginning of their answer; workerd does not hold it to that locally. */
export const maxConnections = 6;

/** Counts the connections of one invocation, and fails the one that the edge would let wait. */
export class Connections {
  #open = 0;
  /** The most that were open at a time. */
  peak = 0;

  async through<T>(call: () => T | Promise<T>): Promise<T> {
    this.#open++;
    this.peak = Math.max(this.peak, this.#open);
    try {
      if (this.#open > maxConnections) throw new Error(`A connection too many: ${this.#open} are open`);
      return await call();
    } finally {
      this.#open--;
    }
  }

  /** A binding each of whose calls is a connection. */
  counted<T extends object>(binding: T): T {
    return new Proxy(binding, {
      get: (target, name) => {
        const value: unknown = Reflect.get(target, name);
        if (typeof value !== "function") return value;
        return (...parameters: unknown[]) => this.through(() => Reflect.apply(value, target, parameters));
      },
    });
  }
}

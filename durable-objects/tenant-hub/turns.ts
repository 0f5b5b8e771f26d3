/** Lets everybody do one thing at a time: what comes meanwhile waits for its turn. */
export class Turns {
  readonly #last = new Map<unknown, Promise<unknown>>();

  /** @param who whose turn it is */
  async take<T>(who: unknown, work: () => Promise<T>): Promise<T> {
    const before = this.#last.get(who);
    const mine = (async () => {
      await before?.catch(() => undefined);
      return work();
    })();
    this.#last.set(who, mine);
    try {
      return await mine;
    } finally {
      if (this.#last.get(who) === mine) this.#last.delete(who);
    }
  }
}

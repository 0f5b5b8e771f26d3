/** Lets everybody do one thing at a time: what comes meanwhile waits for its turn. */
export class Turns {
  readonly #last = new Map<string, Promise<void>>();

  /** @param who whose turn it is */
  async take(who: string, work: () => Promise<void>): Promise<void> {
    const before = this.#last.get(who);
    const mine = (async () => {
      await before?.catch(() => undefined);
      await work();
    })();
    this.#last.set(who, mine);
    try {
      await mine;
    } finally {
      if (this.#last.get(who) === mine) this.#last.delete(who);
    }
  }
}

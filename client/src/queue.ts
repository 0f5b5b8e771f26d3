/** Things that come one by one, to be iterated over by one reader who may be slower. */
export class Queue<T extends object> {
  readonly #things: T[] = [];
  #more = Promise.withResolvers<void>();
  #end: { reason?: unknown } | undefined;

  push(thing: T): void {
    this.#things.push(thing);
    this.#more.resolve();
  }

  /**
   * Nothing comes after what is here.
   * @param reason what the reader is thrown then; none when left out
   */
  end(reason?: unknown): void {
    this.#end ??= { reason };
    this.#more.resolve();
  }

  /** @param stop called when the reader has gone, or all has been read */
  async *read(stop: () => void): AsyncGenerator<T> {
    try {
      for (;;) {
        for (let thing = this.#things.shift(); thing !== undefined; thing = this.#things.shift()) yield thing;
        if (this.#end?.reason !== undefined) throw this.#end.reason;
        if (this.#end) return;
        await this.#more.promise;
        this.#more = Promise.withResolvers();
      }
    } finally {
      stop();
    }
  }
}

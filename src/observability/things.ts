import type { Heap } from "./gathered.ts";

/** Things one after the other, of which only so many find room: what comes then is counted and not kept. */
export class Things<T> implements Heap<T> {
  readonly #max: number;
  #things: T[] = [];
  #dropped = 0;

  constructor(max: number) {
    this.#max = max;
  }

  get isEmpty(): boolean {
    return this.#things.length === 0 && this.#dropped === 0;
  }

  get isFull(): boolean {
    return this.#things.length >= this.#max / 2;
  }

  record(thing: T): void {
    if (this.#things.length < this.#max) this.#things.push(thing);
    else this.#dropped++;
  }

  empty() {
    const gathered = { things: this.#things, dropped: this.#dropped };
    this.#things = [];
    this.#dropped = 0;
    return gathered;
  }
}

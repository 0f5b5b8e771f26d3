/**
 * Things of which as many are held as find room, those that were asked for last: without them work goes on, and reads
 * them again.
 */
export class HeardLast<K, V extends { readonly weight: number }> {
  readonly #held = new Map<K, V>();
  readonly #room: number;
  #weight = 0;

  /** @param room what all that is held may weigh together */
  constructor(room: number) {
    this.#room = room;
  }

  get(key: K): V | undefined {
    const value = this.#held.get(key);
    if (value === undefined) return undefined;
    this.#held.delete(key);
    this.#held.set(key, value);
    return value;
  }

  set(key: K, value: V): void {
    this.delete(key);
    this.#held.set(key, value);
    this.#weight += value.weight;
    for (const oldest of this.#held.keys()) {
      if (this.#weight <= this.#room) return;
      this.delete(oldest);
    }
  }

  delete(key: K): void {
    this.#weight -= this.#held.get(key)?.weight ?? 0;
    this.#held.delete(key);
  }
}

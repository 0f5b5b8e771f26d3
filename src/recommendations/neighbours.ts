/** How long a list of neighbours may get, and how many of them stay when it is longer. */
export interface ListBounds {
  longest: number;
  kept: number;
}

/** A packed list of 800 takes 8 000 bytes: a row that SQLite reads with two pages. */
export const listBounds: ListBounds = { longest: 800, kept: 400 };

const bytesOfOne = 4 + 4 + 2;
const mostPersons = 0xffff;

/**
 * Items that the same persons liked, each with the weight of those likes and how many persons they are of. Packed it is
 * all numbers in ascending order, then all weights, then all counts, so that it is read without being copied.
 */
export class NeighbourList {
  #size: number;
  #items: Uint32Array;
  #weights: Float32Array;
  #persons: Uint16Array;
  readonly #bounds: ListBounds;

  constructor(packed: ArrayBuffer = new ArrayBuffer(0), bounds: ListBounds = listBounds) {
    const size = Math.floor(packed.byteLength / bytesOfOne);
    this.#size = size;
    this.#items = new Uint32Array(packed, 0, size);
    this.#weights = new Float32Array(packed, 4 * size, size);
    this.#persons = new Uint16Array(packed, 8 * size, size);
    this.#bounds = bounds;
  }

  get size(): number {
    return this.#size;
  }

  /** One more person has liked an item together with the one whose list this is. */
  add(item: number, weight: number): void {
    const place = this.#placeOf(item);
    if (place < this.#size && this.#items[place] === item) {
      this.#weights[place] = (this.#weights[place] ?? 0) + weight;
      this.#persons[place] = Math.min(mostPersons, (this.#persons[place] ?? 0) + 1);
      return;
    }
    this.#insert(place, item, weight);
    if (this.#size > this.#bounds.longest) this.#cut();
  }

  /** Tells each neighbour: a callback, as this is the innermost loop of all. */
  each(tell: (item: number, weight: number, persons: number) => void): void {
    const [items, weights, persons] = [this.#items, this.#weights, this.#persons];
    for (let place = 0; place < this.#size; place++)
      tell(items[place] ?? 0, weights[place] ?? 0, persons[place] ?? 0);
  }

  packed(): ArrayBuffer {
    const size = this.#size;
    const buffer = new ArrayBuffer(size * bytesOfOne);
    new Uint32Array(buffer, 0, size).set(this.#items.subarray(0, size));
    new Float32Array(buffer, 4 * size, size).set(this.#weights.subarray(0, size));
    new Uint16Array(buffer, 8 * size, size).set(this.#persons.subarray(0, size));
    return buffer;
  }

  /** Where an item stands, or would. */
  #placeOf(item: number): number {
    let [low, high] = [0, this.#size];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#items[middle] ?? 0) < item) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #insert(place: number, item: number, weight: number): void {
    if (this.#size === this.#items.length) this.#grow();
    for (const column of [this.#items, this.#weights, this.#persons])
      column.copyWithin(place + 1, place, this.#size);
    this.#items[place] = item;
    this.#weights[place] = weight;
    this.#persons[place] = 1;
    this.#size += 1;
  }

  #grow(): void {
    const room = Math.min(this.#bounds.longest + 1, 8 + 2 * this.#size);
    const [items, weights, persons] = [this.#items, this.#weights, this.#persons];
    this.#items = new Uint32Array(room);
    this.#weights = new Float32Array(room);
    this.#persons = new Uint16Array(room);
    this.#items.set(items);
    this.#weights.set(weights);
    this.#persons.set(persons);
  }

  /** Keeps the heaviest; of the same weight, the older items. */
  #cut(): void {
    const weightOf = (place: number) => this.#weights[place] ?? 0;
    const kept = Array.from({ length: this.#size }, (_, place) => place)
      .sort((one, other) => weightOf(other) - weightOf(one) || one - other)
      .slice(0, this.#bounds.kept)
      .sort((one, other) => one - other);
    for (const [place, from] of kept.entries()) {
      this.#items[place] = this.#items[from] ?? 0;
      this.#weights[place] = this.#weights[from] ?? 0;
      this.#persons[place] = this.#persons[from] ?? 0;
    }
    this.#size = kept.length;
  }
}

/**
 * Learns that a person likes one more item: it and each of those that they liked last are neighbours.
 * @param liked what they liked last
 * @param weight what a like of this time weighs
 */
export function learnPairs(
  item: number,
  liked: readonly number[],
  weight: number,
  listOf: (item: number) => NeighbourList,
): void {
  for (const other of liked) {
    if (other === item) continue;
    listOf(item).add(other, weight);
    listOf(other).add(item, weight);
  }
}

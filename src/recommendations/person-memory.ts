import { BloomFilter } from "./bloom-filter.ts";

/** The likes that teach and that are recommended by. */
const likedKept = 50;

/** Items that are remembered one by one; the oldest of more go, so many at a time, into the filter. */
const [seenKept, forgottenAtOnce] = [5000, 500];

/** What a person has liked and seen, as it is kept. */
export interface PackedPerson {
  liked: ArrayBuffer;
  seen: ArrayBuffer;
  /** Empty while all is remembered. */
  filter: ArrayBuffer;
}

const none = new ArrayBuffer(0);
const nothing: PackedPerson = { liked: none, seen: none, filter: none };

const mark = (item: number, isLearnt: boolean) => item * 2 + (isLearnt ? 1 : 0);

/**
 * What a person has liked last, and all that they have seen. Beyond 5 000 items a filter remembers: it may take an item
 * for seen that is not, never the other way round.
 */
export class PersonMemory {
  readonly #liked: number[];
  /** Marks: twice the item, one more if its like has been learnt from. */
  readonly #seen: number[];
  readonly #places: Map<number, number>;
  readonly #filter: BloomFilter;

  constructor({ liked, seen, filter }: PackedPerson = nothing) {
    this.#liked = [...new Uint32Array(liked)];
    this.#seen = [...new Uint32Array(seen)];
    this.#places = new Map(this.#seen.map((known, place) => [known >>> 1, place]));
    this.#filter = new BloomFilter(filter);
  }

  /** What they liked last, oldest first. */
  get liked(): readonly number[] {
    return this.#liked;
  }

  see(item: number): void {
    if (!this.#places.has(item)) this.#push(mark(item, false));
  }

  /**
   * They like an item.
   * @returns whether it is to be learnt from: an item teaches once, so that a pair of items counts once for a person
   */
  like(item: number): boolean {
    const place = this.#places.get(item);
    const isLearnt =
      place === undefined ? this.#filter.has(mark(item, true)) : this.#seen[place] === mark(item, true);
    if (place === undefined) this.#push(mark(item, true));
    else this.#seen[place] = mark(item, true);
    this.#unlike(item);
    this.#liked.push(item);
    if (this.#liked.length > likedKept) this.#liked.shift();
    return !isLearnt;
  }

  /** They do not like an item, or do not any more. */
  dislike(item: number): void {
    this.see(item);
    this.#unlike(item);
  }

  hasSeen(item: number): boolean {
    return (
      this.#places.has(item) || this.#filter.has(mark(item, false)) || this.#filter.has(mark(item, true))
    );
  }

  packed(): PackedPerson {
    return {
      liked: Uint32Array.from(this.#liked).buffer,
      seen: Uint32Array.from(this.#seen).buffer,
      filter: this.#filter.packed(),
    };
  }

  #unlike(item: number): void {
    const place = this.#liked.indexOf(item);
    if (place >= 0) this.#liked.splice(place, 1);
  }

  #push(known: number): void {
    this.#places.set(known >>> 1, this.#seen.push(known) - 1);
    if (this.#seen.length <= seenKept) return;
    for (const old of this.#seen.splice(0, forgottenAtOnce)) this.#filter.add(old);
    this.#places.clear();
    for (const [place, one] of this.#seen.entries()) this.#places.set(one >>> 1, place);
  }
}

/** Of 64 Ki bits: 5 000 numbers more, and one of 5 000 others is taken for one of them. */
const bytes = 8192;
const bits = bytes * 8;
const hashes = 4;

/** A set of numbers that forgets none, and may take others for one of its own. */
export class BloomFilter {
  #bits: Uint8Array<ArrayBuffer>;

  constructor(packed?: ArrayBuffer) {
    this.#bits = new Uint8Array(packed ?? new ArrayBuffer(0));
  }

  add(value: number): void {
    if (this.#bits.length === 0) this.#bits = new Uint8Array(bytes);
    for (const place of placesOf(value))
      this.#bits[place >>> 3] = (this.#bits[place >>> 3] ?? 0) | (1 << (place & 7));
  }

  has(value: number): boolean {
    if (this.#bits.length === 0) return false;
    return placesOf(value).every((place) => ((this.#bits[place >>> 3] ?? 0) & (1 << (place & 7))) !== 0);
  }

  /** Nothing, while it is empty. */
  packed(): ArrayBuffer {
    return this.#bits.slice().buffer;
  }
}

/** By double hashing: two mixed numbers make all. */
function placesOf(value: number): number[] {
  const first = mixed(value);
  const step = mixed(first ^ 0x9e3779b9) | 1;
  return Array.from({ length: hashes }, (_, round) => ((first + Math.imul(round, step)) >>> 0) % bits);
}

/** The finaliser of MurmurHash3. */
function mixed(value: number): number {
  let state = value >>> 0;
  state = Math.imul(state ^ (state >>> 16), 0x85ebca6b);
  state = Math.imul(state ^ (state >>> 13), 0xc2b2ae35);
  return (state ^ (state >>> 16)) >>> 0;
}

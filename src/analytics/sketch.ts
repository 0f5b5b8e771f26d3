import { sha256 } from "@noble/hashes/sha2.js";
import { utf8ToBytes } from "@noble/hashes/utils.js";

/**
 * How many distinct persons there are, without who: HyperLogLog with 4 096 registers, a letter each, and the estimator of
 * O. Ertl, "New cardinality estimation algorithms for HyperLogLog sketches" (2017), which needs no corrections. Merging
 * sketches gives that of all of them together.
 */
export type Sketch = string;

const registerCount = 4096;
/** Bits of a hash that are left beside the register's number. */
const bits = 52;
const letters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

export const emptySketch: Sketch = "0".repeat(registerCount);

/** In which register somebody is, and how unlikely: one more than the zeros that the rest of the hash begins with. */
function placeOf(person: string): { register: number; rank: number } {
  const hash = new DataView(sha256(utf8ToBytes(person)).buffer);
  const high = hash.getUint32(0);
  const rest = high & 0xf_ff_ff;
  const low = hash.getUint32(4);
  const rank = rest === 0 ? 21 + Math.clz32(low) : Math.clz32(rest) - 11;
  return { register: high >>> 20, rank };
}

const ranksOf = (sketch: Sketch): number[] => Array.from(sketch, (letter) => letters.indexOf(letter));
const sketchOf = (ranks: readonly number[]): Sketch => ranks.map((rank) => letters[rank] ?? "0").join("");

/** A sketch with more persons in it; who is in it already changes nothing. */
export function withPersons(sketch: Sketch, persons: Iterable<string>): Sketch {
  const ranks = ranksOf(sketch);
  for (const person of persons) {
    const { register, rank } = placeOf(person);
    ranks[register] = Math.max(ranks[register] ?? 0, rank);
  }
  return sketchOf(ranks);
}

/** The sketch of everybody who is in one of several. */
export const mergedSketch = (sketches: readonly Sketch[]): Sketch =>
  sketchOf(
    sketches
      .map(ranksOf)
      .reduce(
        (sum, ranks) => sum.map((rank, register) => Math.max(rank, ranks[register] ?? 0)),
        ranksOf(emptySketch),
      ),
  );

/** How many persons are in a sketch, about: the standard error is 1.6 %. */
export function estimate(sketch: Sketch): number {
  const counts = new Array<number>(bits + 2).fill(0);
  for (const rank of ranksOf(sketch)) counts[rank] = (counts[rank] ?? 0) + 1;
  const share = (rank: number) => (counts[rank] ?? 0) / registerCount;
  let sum = registerCount * tau(1 - share(bits + 1));
  for (let rank = bits; rank >= 1; rank--) sum = (sum + registerCount * share(rank)) / 2;
  sum += registerCount * sigma(share(0));
  return Math.round(registerCount ** 2 / (2 * Math.LN2 * sum));
}

/** `x + Σ x^(2^k) 2^(k−1)`: what empty registers say. */
function sigma(share: number): number {
  if (share === 1) return Number.POSITIVE_INFINITY;
  let [x, weight, sum] = [share, 1, share];
  for (let before = Number.NaN; sum !== before; weight *= 2) {
    before = sum;
    x *= x;
    sum += x * weight;
  }
  return sum;
}

/** `(1 − x − Σ (1 − x^(2^−k))² 2^−k) / 3`: what full registers say. */
function tau(share: number): number {
  if (share === 0 || share === 1) return 0;
  let [x, weight, sum] = [share, 1, 1 - share];
  for (let before = Number.NaN; sum !== before; ) {
    before = sum;
    x = Math.sqrt(x);
    weight /= 2;
    sum -= (1 - x) ** 2 * weight;
  }
  return sum / 3;
}

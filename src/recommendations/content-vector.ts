import { cutText } from "#src/text/cut-text.ts";

/** What of an item is compared. */
export interface Described {
  title: string;
  tags: readonly string[];
  attributes: Readonly<Record<string, unknown>>;
}

const mostTerms = 64;

/** The words of a text, as they are compared. */
const wordsOf = (text: string): string[] =>
  (
    text
      .normalize("NFKC")
      .toLowerCase()
      .match(/[\p{L}\p{N}]+/gu) ?? []
  ).filter((word) => word.length > 1);

/** What a query asks for: its words, each as a word of a title and as a tag. */
export const termsOfQuery = (query: string): string[] =>
  unique(wordsOf(query).flatMap((word) => [`word:${word}`, tagTerm(word)]));

/** What an item is compared by: its tags, the words of its title, and what its attributes say that are one word or number. */
export function termsOf({ title, tags, attributes }: Described): string[] {
  const said = Object.entries(attributes).flatMap(([name, value]) =>
    typeof value === "string" || typeof value === "number" || typeof value === "boolean"
      ? [`attribute:${name}=${cutText(String(value), 100).toLowerCase()}`]
      : [],
  );
  return unique([...tags.map(tagTerm), ...said, ...wordsOf(title).map((word) => `word:${word}`)]);
}

/** What a term says, where it is a tag or a word. */
export const saidBy = (term: string): string | undefined => /^(?:tag|word):(.*)$/s.exec(term)?.[1];

const tagTerm = (tag: string) => `tag:${tag.normalize("NFKC").toLowerCase()}`;
const unique = (terms: readonly string[]): string[] => [...new Set(terms)].slice(0, mostTerms);

/** Of the terms of many items how rare each is. The items' vectors are of these weights; a term is a number here. */
export class Terms {
  readonly #numbers = new Map<string, number>();
  readonly #names: string[] = [];
  readonly #items: number[] = [];
  #all = 0;
  #rarity: Float64Array | undefined;

  /** Takes in an item's terms: their numbers. */
  add(terms: readonly string[]): Uint32Array {
    const numbers = Uint32Array.from(terms, (term) => this.#numberOf(term));
    this.#count(numbers, 1);
    return numbers;
  }

  remove(numbers: Uint32Array): void {
    this.#count(numbers, -1);
  }

  /** The numbers of those terms that some item has. */
  known(terms: readonly string[]): Uint32Array {
    return Uint32Array.from(terms.flatMap((term) => this.#numbers.get(term) ?? []));
  }

  nameOf(term: number): string {
    return this.#names[term] ?? "";
  }

  /** How much each term says, by its number: the rarer, the more. */
  get rarity(): Float64Array {
    this.#rarity ??= Float64Array.from(this.#items, (items) =>
      items > 0 ? Math.log(1 + this.#all / items) : 0,
    );
    return this.#rarity;
  }

  #numberOf(term: string): number {
    const known = this.#numbers.get(term);
    if (known !== undefined) return known;
    const number = this.#names.push(term) - 1;
    this.#numbers.set(term, number);
    this.#items.push(0);
    return number;
  }

  #count(numbers: Uint32Array, by: 1 | -1): void {
    for (const term of numbers) this.#items[term] = (this.#items[term] ?? 0) + by;
    this.#all += by;
    this.#rarity = undefined;
  }
}

/** The length of an item's vector. */
export function lengthOf(terms: Uint32Array, rarity: Float64Array): number {
  let sum = 0;
  for (const term of terms) sum += (rarity[term] ?? 0) ** 2;
  return Math.sqrt(sum);
}

/** How alike two items are, by what they say: a cosine. */
export function likeness(one: Uint32Array, other: Uint32Array, rarity: Float64Array): number {
  const lengths = lengthOf(one, rarity) * lengthOf(other, rarity);
  if (lengths === 0) return 0;
  const terms = new Set(one);
  let sum = 0;
  for (const term of other) if (terms.has(term)) sum += (rarity[term] ?? 0) ** 2;
  return sum / lengths;
}

/** What somebody likes, as a vector over all terms: the sum of what they liked, each as much as it counts. */
export function tasteOf(
  liked: readonly { terms: Uint32Array; weight: number }[],
  rarity: Float64Array,
): Float64Array {
  const taste = new Float64Array(rarity.length);
  for (const { terms, weight } of liked) {
    const length = lengthOf(terms, rarity);
    if (length === 0) continue;
    for (const term of terms) taste[term] = (taste[term] ?? 0) + (weight * (rarity[term] ?? 0)) / length;
  }
  let square = 0;
  for (const value of taste) square += value * value;
  const length = Math.sqrt(square);
  if (length > 0) for (let term = 0; term < taste.length; term++) taste[term] = (taste[term] ?? 0) / length;
  return taste;
}

/** How much an item is to a taste: a cosine. */
export function closeness(taste: Float64Array, terms: Uint32Array, rarity: Float64Array): number {
  let [sum, square] = [0, 0];
  for (const term of terms) {
    const weight = rarity[term] ?? 0;
    sum += (taste[term] ?? 0) * weight;
    square += weight * weight;
  }
  return square === 0 ? 0 : sum / Math.sqrt(square);
}

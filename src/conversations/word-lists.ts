import { isSpaceless, wordsOf } from "./search-query.ts";

/** Accents, and the points of Arabic and Hebrew; marks of other scripts are letters there. */
const accents = /[\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670]/g;

/**
 * A text as words are looked for in it: one spelling of each character, whatever its case and accents, and one space where
 * something else stands between words. What cannot be seen hides nothing.
 */
export const plainText = (text: string): string =>
  wordsOf(
    text
      .toUpperCase()
      .toLowerCase()
      .normalize("NFKD")
      .replaceAll(accents, "")
      .replaceAll(/\p{Cf}/gu, "")
      .normalize("NFKC")
      .toLowerCase()
      .replaceAll("ς", "σ"),
  )
    .replaceAll(/[^\p{L}\p{N}\p{M}]+/gu, " ")
    .trim();

/** Things that are looked for in pieces of a text, by the lengths that they have. */
class Lengths {
  readonly #ranks = new Map<string, number>();
  readonly #lengths = new Set<number>();

  add(thing: string, length: number, rank: number): void {
    this.#ranks.set(thing, Math.min(rank, this.#ranks.get(thing) ?? rank));
    this.#lengths.add(length);
  }

  /** @param piece the text's piece at a place, of a length */
  *found(size: number, piece: (at: number, length: number) => string): Generator<number> {
    for (const length of this.#lengths)
      for (let at = 0; at + length <= size; at++) {
        const rank = this.#ranks.get(piece(at, length));
        if (rank !== undefined) yield rank;
      }
  }
}

/**
 * Lists of words, or of several words in a row, to be found in texts as words of their own; in scripts without spaces
 * wherever their characters are. What it costs is the length of the text times that of the longest word, however long
 * the lists are.
 */
export class WordLists {
  readonly #spaced = new Lengths();
  readonly #spaceless = new Lengths();

  constructor(lists: readonly (readonly string[])[]) {
    for (const [rank, list] of lists.entries())
      for (const word of list) {
        const sought = plainText(word);
        if (sought === "") continue;
        const closed = sought.replaceAll(" ", "");
        if (isSpaceless(sought)) this.#spaceless.add(closed, closed.length, rank);
        else this.#spaced.add(sought, sought.split(" ").length, rank);
      }
  }

  /** The first of the lists that has something which stands in a text. */
  firstIn(text: string): number | undefined {
    const words = plainText(text).split(" ");
    const units = words.join("").split("");
    const found = [
      ...this.#spaced.found(words.length, (at, length) => words.slice(at, at + length).join(" ")),
      ...this.#spaceless.found(units.length, (at, length) => units.slice(at, at + length).join("")),
    ];
    return found.length === 0 ? undefined : found.reduce((one, other) => Math.min(one, other));
  }
}

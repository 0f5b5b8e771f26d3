import type { MemoryOwner } from "#src/objects/memory.ts";
import { ownerKey } from "./owner-key.ts";

/** Words looked at in one query. */
const maxWords = 50;

/** A word with the sign that belongs to it in `C++`, `C#`. */
const wordPattern = /([\p{L}\p{N}][\p{L}\p{N}\p{M}]*)(\+\+|#)?/gu;

/** Scripts without spaces between words; of a Korean word, only the beginning is the same everywhere. */
const unspaced =
  /[\p{scx=Han}\p{scx=Hiragana}\p{scx=Katakana}\p{scx=Hangul}\p{scx=Thai}\p{scx=Lao}\p{scx=Khmer}\p{scx=Myanmar}]+/gu;
/** Of these, the ones of a few dozen letters: two in a row say too little. */
const alphabetic = /[\p{scx=Thai}\p{scx=Lao}\p{scx=Khmer}\p{scx=Myanmar}]/u;

/** How many characters of a run are looked for together. */
const gramLength = (run: string): number => (alphabetic.test(run) ? 3 : 2);

/** Every piece of so many characters. */
function grams(run: string, length: number): string[] {
  const characters = [...run];
  return Array.from({ length: Math.max(0, characters.length - length + 1) }, (_, begin) =>
    characters.slice(begin, begin + length).join(""),
  );
}

interface Word {
  /** As the full text knows it by itself. */
  plain: string;
  /** What it is known by besides: its runs without spaces, what stands between them, its sign. */
  runs: string[];
  pieces: string[];
}

function* wordsIn(text: string): Generator<Word> {
  for (const [, plain = "", sign] of text.toLowerCase().matchAll(wordPattern)) {
    const runs = plain.match(unspaced) ?? [];
    const pieces = runs.length > 0 ? plain.split(unspaced).filter((piece) => piece.length > 1) : [];
    if (sign !== undefined) pieces.push(`${plain}${sign === "#" ? "sharp" : "plusplus"}`);
    yield { plain, runs, pieces };
  }
}

/** The distinct words of a text, lower-cased, in any script; where words are not parted, what stands side by side. */
function wordsOf(text: string): string[] {
  const words = new Set<string>();
  for (const { plain, runs, pieces } of wordsIn(text)) {
    if (plain.length > 1 && runs.length === 0) words.add(plain);
    for (const piece of pieces) words.add(piece);
    for (const run of runs) {
      const length = Math.min(gramLength(run), [...run].length);
      for (const gram of grams(run, length)) words.add(gram);
      // As memories know it that were kept before their pieces were.
      words.add(run);
    }
  }
  return [...words];
}

/** A text for the full-text index: itself, and by what else its words are looked for. */
export function indexedText(text: string): string {
  const besides = new Set<string>();
  for (const { runs, pieces } of wordsIn(text)) {
    for (const piece of pieces) besides.add(piece);
    for (const run of runs)
      for (const length of [gramLength(run), gramLength(run) - 1])
        for (const gram of grams(run, length)) besides.add(gram);
  }
  return besides.size === 0 ? text : `${text}\n${[...besides].join(" ")}`;
}

const anyOf = (words: readonly string[]): string => words.map((word) => `"${word}"`).join(" OR ");

/**
 * An FTS5 query for memories of an instance with any word of the text; quoting keeps FTS5's own syntax out. Only those of
 * some owners are looked at, and what was kept before memories had any, by the instance alone.
 */
export function fullTextQuery(
  instanceId: string,
  owners: readonly MemoryOwner[],
  text: string,
): string | undefined {
  const words = wordsOf(text).slice(0, maxWords);
  if (words.length === 0) return undefined;
  const keys = [...owners.map((owner) => ownerKey(instanceId, owner)), instanceId.replaceAll('"', "")];
  return `owner : (${anyOf(keys)}) AND content : (${anyOf(words)})`;
}

/** Share of a text's words that another does not have, from 0 to 1. */
export function novelty(text: string, other: string): number {
  const known = new Set(wordsOf(other));
  const words = wordsOf(text);
  return words.length === 0 ? 0 : words.filter((word) => !known.has(word)).length / words.length;
}

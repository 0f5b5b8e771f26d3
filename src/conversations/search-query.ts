import { piecesFrom } from "#src/text/cut-text.ts";

/** Scripts that are written without spaces between words: what is looked for stands within what looks like one. */
const scripts = ["Han", "Hiragana", "Katakana", "Thai", "Lao", "Khmer", "Myanmar"]
  .map((script) => `\\p{Script=${script}}`)
  .join("");
const spaceless = new RegExp(`[${scripts}]`, "u");

/** Where a script without spaces meets another one. */
const meeting = new RegExp(`(?<=[${scripts}])(?=[^${scripts}])|(?<=[^${scripts}])(?=[${scripts}])`, "gu");

/** Words of a question that are looked for; the others only make it slower. */
const maxTerms = 10;

/** Characters that a trigram holds. */
const trigramLength = 3;

/** What a question looks for. */
export interface SearchTerms {
  /** Words, of which the last one may go on. */
  words: string[];
  /** Parts of texts in scripts without spaces. */
  parts: string[];
}

/** Whether a text is looked through by its parts as well. */
export const isSpaceless = (text: string): boolean => spaceless.test(text);

/** A text as an index of words takes it: a word ends where a script without spaces begins. */
export const wordsOf = (text: string): string => text.replaceAll(meeting, " ");

/** The words of a question, in their order; punctuation and whatever means something to an index are left out. */
export function searchTerms(q: string): SearchTerms {
  const terms = [...q.normalize("NFC").matchAll(/[\p{L}\p{N}\p{M}]+/gu)]
    .map(([term]) => term)
    .slice(0, maxTerms);
  return {
    words: terms.filter((term) => !isSpaceless(term)),
    parts: terms.filter(isSpaceless),
  };
}

/** Whose messages: one word of letters and digits, whatever an id holds. */
export const ownerToken = (ownerId: string): string =>
  `o${[...new TextEncoder().encode(ownerId)].map((byte) => byte.toString(16).padStart(2, "0")).join("")}`;

const quoted = (term: string): string => `"${term.replaceAll('"', '""')}"`;

const ofOwner = (ownerId: string | undefined): string[] =>
  ownerId === undefined ? [] : [`owner : ${quoted(ownerToken(ownerId))}`];

/** What an index of words is asked; undefined where there are none. */
export function wordsMatch({ words }: SearchTerms, ownerId: string | undefined): string | undefined {
  if (words.length === 0) return undefined;
  const asked = words.map((word, place) => quoted(word) + (place === words.length - 1 ? " *" : ""));
  return [...ofOwner(ownerId), `text : (${asked.join(" AND ")})`].join(" AND ");
}

/** What an index of trigrams is asked; undefined where no part is long enough for it. */
export function partsMatch({ parts }: SearchTerms, ownerId: string | undefined): string | undefined {
  const long = parts.filter((part) => [...part].length >= trigramLength);
  if (long.length === 0) return undefined;
  return [...ofOwner(ownerId), `text : (${long.map(quoted).join(" AND ")})`].join(" AND ");
}

/** Around what was found, in UTF-16 units. */
const around = 80;

/** A part of a text, in UTF-16 units. */
interface Span {
  from: number;
  to: number;
}

interface Excerpt {
  snippet: string;
  highlights: Span[];
}

const plain = (text: string): string => text.normalize("NFD").replaceAll(/\p{M}/gu, "").toLowerCase();

/** Each character of a text without case and accents, and where in the text it stands. */
function foldedOf(text: string): { folded: string; places: number[] } {
  let folded = "";
  const places: number[] = [];
  let at = 0;
  for (const character of text) {
    const bare = plain(character);
    folded += bare;
    for (let unit = 0; unit < bare.length; unit++) places.push(at);
    at += character.length;
  }
  places.push(at);
  return { folded, places };
}

/** Places that are shown of one message. */
const maxHighlights = 10;

/** What stands in a text around the first of what is looked for, on one line. */
export function excerptOf(text: string, { words, parts }: SearchTerms): Excerpt {
  const { folded, places } = foldedOf(text);
  const terms = [...words, ...parts].map(plain).filter((term) => term !== "");
  const found = terms.flatMap((term) => {
    const at = folded.indexOf(term);
    return at === -1 ? [] : [at];
  });
  const first = places[Math.min(...found, folded.length)] ?? 0;
  const begin = found.length === 0 || first <= around ? 0 : wholeFrom(text, first - around);
  const [piece] = piecesFrom(text, begin, 3 * around);
  const body = piece?.text ?? "";
  const isCut = begin + body.length < text.length;
  const snippet = `${begin > 0 ? "…" : ""}${body.replaceAll(/\s/g, " ")}${isCut ? "…" : ""}`;
  return { snippet, highlights: highlightsIn(snippet, terms) };
}

/** A place that is not within a character. */
const wholeFrom = (text: string, at: number): number => {
  const unit = text.charCodeAt(at);
  return unit >= 0xdc00 && unit <= 0xdfff ? at - 1 : at;
};

function highlightsIn(snippet: string, terms: readonly string[]): Span[] {
  const { folded, places } = foldedOf(snippet);
  const found: Span[] = [];
  for (const term of new Set(terms))
    for (
      let at = folded.indexOf(term);
      at !== -1 && found.length < maxHighlights;
      at = folded.indexOf(term, at + term.length)
    )
      found.push({ from: places[at] ?? 0, to: places[at + term.length] ?? snippet.length });
  return found.sort((one, other) => one.from - other.from);
}

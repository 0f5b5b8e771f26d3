const isHighSurrogate = (unit: number): boolean => unit >= 0xd800 && unit <= 0xdbff;

/**
 * The beginning of a text, as well-formed Unicode: no cut goes through the middle of a
 * character, and a half one that was there already is replaced.
 * @param max UTF-16 units, as `length` and the limits of schemas count them
 */
export function cutText(text: string, max: number): string {
  if (text.length <= max) return text.toWellFormed();
  const end = isHighSurrogate(text.charCodeAt(max - 1)) ? max - 1 : max;
  return text.substring(0, end).toWellFormed();
}

const graphemes = new Intl.Segmenter("und", { granularity: "grapheme" });

/**
 * `cutText` for what people see: a flag, a letter with its accents, a family of emoji
 * stays whole too.
 */
export function cutGraphemes(text: string, max: number): string {
  if (text.length <= max) return text.toWellFormed();
  const end = graphemes.segment(text).containing(max)?.index ?? max;
  return cutText(text, end === 0 ? max : end);
}

/** A text without the first half of a character at its end, whose other half may still come. */
export const wholeCharacters = (text: string): string =>
  isHighSurrogate(text.charCodeAt(text.length - 1)) ? text.substring(0, text.length - 1) : text;

/** A text without the beginning that it has in common with others. */
export const withoutPrefix = (text: string, prefix: string): string =>
  text.startsWith(prefix) ? text.substring(prefix.length) : text;

/** What comes before the last separator; nothing where there is none. */
export const beforeLast = (text: string, separator: string): string =>
  text.substring(0, text.lastIndexOf(separator));

/** What comes after the last separator; all of the text where there is none. */
export function afterLast(text: string, separator: string): string {
  const at = text.lastIndexOf(separator);
  return at === -1 ? text : text.substring(at + separator.length);
}

/**
 * A text from a place on, in pieces that no character is cut by.
 * @param max UTF-16 units of a piece; at least 2
 */
export function* piecesFrom(
  text: string,
  from: number,
  max: number,
): Generator<{ offset: number; text: string }> {
  for (let offset = from; offset < text.length; ) {
    const piece = cutText(text.substring(offset), max);
    yield { offset, text: piece };
    offset += piece.length;
  }
}

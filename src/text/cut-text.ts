/**
 * The first characters of a text, as well-formed Unicode: no cut goes through the
 * middle of a character, and a half one that was there already is replaced.
 * @param most code points
 */
export function cutText(text: string, most: number): string {
  // A text has no more code points than UTF-16 units.
  if (text.length <= most) return text.toWellFormed();
  let end = 0;
  for (let points = 0; points < most && end < text.length; points++) {
    end += (text.codePointAt(end) ?? 0) > 0xffff ? 2 : 1;
  }
  return text.substring(0, end).toWellFormed();
}

const graphemes = new Intl.Segmenter("und", { granularity: "grapheme" });

/**
 * As `cutText`, but a character as people see it stays whole too: a flag, a letter with
 * its accents, a family of emoji.
 * @param most code points
 */
export function cutGraphemes(text: string, most: number): string {
  const cut = cutText(text, most);
  if (cut.length === text.length) return cut;
  // Where the last one begins, and whether it ends there in the whole text too.
  const end = graphemes.segment(text).containing(cut.length)?.index ?? cut.length;
  return end === 0 ? cut : cut.substring(0, end);
}

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

/** Words looked at in one query. */
const mostWords = 50;

/** The distinct words of a text, lower-cased, in any script. */
const wordsOf = (text: string): string[] => [
  ...new Set(text.toLowerCase().match(/[\p{L}\p{N}]{2,}/gu) ?? []),
];

/** An FTS5 query for memories of an instance with any word of the text; quoting keeps FTS5's own syntax out. */
export function fullTextQuery(instanceId: string, text: string): string | undefined {
  const words = wordsOf(text).slice(0, mostWords);
  if (words.length === 0) return undefined;
  const any = words.map((word) => `"${word}"`).join(" OR ");
  return `owner : "${instanceId.replaceAll('"', "")}" AND content : (${any})`;
}

/** Share of a text's words that another does not have, from 0 to 1. */
export function novelty(text: string, other: string): number {
  const known = new Set(wordsOf(other));
  const words = wordsOf(text);
  return words.length === 0 ? 0 : words.filter((word) => !known.has(word)).length / words.length;
}

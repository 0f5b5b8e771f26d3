/** What only a number can be that JavaScript would change: sixteen digits in a row, or an exponent of three. */
const suspicious = /\d{16}|\d[eE]\+?\d{3}/;

/**
 * A text that never ends is a token as well: one that is none would be looked for again from each quotation mark in it,
 * which takes a caller's 1 MB minutes.
 */
const tokens = /"[^"\\]*(?:\\[\s\S][^"\\]*)*(?:"|\\?$)|-?\d[\d.eE+-]*|[[\]{},:]/g;

interface Level {
  isList: boolean;
  /** The key or index that is being read. */
  at: string | number;
}

/** Whether a literal is an integer that a double cannot hold exactly, or no finite number at all. */
const isInexact = (literal: string): boolean => {
  const value = Number(literal);
  return !Number.isFinite(value) || (/^-?\d+$/.test(literal) && !Number.isSafeInteger(value));
};

/**
 * Where JSON text has integers beyond 2⁵³ or numbers beyond all bounds, which parsing would silently change; at most
 * `max` of them. Text without long runs of digits, which is nearly all, costs one search.
 */
export function inexactNumbers(text: string, max = 20): string[] {
  if (!suspicious.test(text)) return [];
  const found: string[] = [];
  const levels: Level[] = [];
  let previous = "";
  for (const [token] of text.matchAll(tokens)) {
    const level = levels.at(-1);
    if (token === "{" || token === "[") levels.push({ isList: token === "[", at: token === "[" ? 0 : "" });
    else if (token === "}" || token === "]") levels.pop();
    else if (token === "," && level && typeof level.at === "number") level.at += 1;
    else if (token === ":" && level && !level.isList) level.at = keyOf(previous);
    else if (/^[-\d]/.test(token) && isInexact(token)) found.push(levels.map(({ at }) => at).join("."));
    if (found.length === max) break;
    previous = token;
  }
  return found;
}

const keyOf = (token: string): string => {
  try {
    return String(JSON.parse(token));
  } catch {
    return token;
  }
};

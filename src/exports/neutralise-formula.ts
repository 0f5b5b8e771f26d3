import { withoutPrefix } from "#src/text/cut-text.ts";

/**
 * What a spreadsheet would take for a formula: it starts with one of the signs,
 * full-width ones too, after blanks and quotes that some programs strip first; or with a
 * control character that ends the cell before it.
 */
const formula = /^(?:["'`]*[\t\r\n]|[\s"'`\u200b-\u200f\u2060\ufeff]*[=+\-@＝＋－＠])/u;

/** A cell's text such that a spreadsheet shows it and does not run it: with an apostrophe in front where needed. */
export const neutraliseFormula = (text: string): string => (formula.test(text) ? `'${text}` : text);

/** A cell's text as it was before `neutraliseFormula`. */
export const plainFormula = (text: string): string =>
  text.startsWith("'") && formula.test(withoutPrefix(text, "'")) ? withoutPrefix(text, "'") : text;

import type { Persona } from "#src/objects/conversation-persona.ts";

/** What has people take over without anybody's asking. */
export type HandoverTriggers = NonNullable<Persona["handover"]>;

/** Why a conversation is handed over. */
export type HandoverCause = "words" | "unhelpful_turns" | "wants_human" | "sentiment";

/** So many answers in a row that helped nobody. */
export const unhelpfulInARow = 2;

const notOfWords = /[^\p{L}\p{M}\p{N}]+/gu;

/** Scripts that write no spaces between words. */
const withoutSpaces =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;

/** Words alone, in one spelling, each between spaces. */
const wordsIn = (text: string): string =>
  ` ${text.normalize("NFKC").toLowerCase().replaceAll(notOfWords, " ").trim()} `;

/** Whether a text has some words in it, one after another; whole ones where the script tells where they end. */
function says(text: string, phrase: string): boolean {
  const wanted = wordsIn(phrase);
  if (wanted.trim() === "") return false;
  return withoutSpaces.test(wanted) ? text.includes(wanted.trim()) : text.includes(wanted);
}

/** Why what was read out of what somebody has said is for a person; undefined where it is not. */
export function causeInInsights(
  { wantsHuman, sentimentBelow }: Pick<HandoverTriggers, "wantsHuman" | "sentimentBelow">,
  read: { wantsHuman: boolean; sentiment: number },
): HandoverCause | undefined {
  if (wantsHuman && read.wantsHuman) return "wants_human";
  return sentimentBelow !== null && read.sentiment < sentimentBelow ? "sentiment" : undefined;
}

/**
 * Why what somebody has said is for a person; undefined where it is not.
 * @param unhelpful answers in a row, the newest of all among them, that helped nobody
 */
export function handoverCause(
  triggers: Pick<HandoverTriggers, "words" | "unhelpfulTurns">,
  { content, unhelpful }: { content: string; unhelpful: number },
): HandoverCause | undefined {
  const text = wordsIn(content);
  if (triggers.words.some((phrase) => says(text, phrase))) return "words";
  return triggers.unhelpfulTurns && unhelpful >= unhelpfulInARow ? "unhelpful_turns" : undefined;
}

import type { ContextMessage, TurnContext } from "#src/objects/turn-contract.ts";
import type { PromptMessage } from "#src/providers/index.ts";
import { cutText } from "#src/text/cut-text.ts";
import { dataBlock, dataBlockRule } from "../data-blocks.ts";
import { type AttachedFiles, noFiles, withFiles } from "./attached.ts";
import { joinedTurns } from "./joined-turns.ts";
import { sideOf, turnsOf } from "./said-turns.ts";
import { ordinaryRate, tokensOf, tokensOfTurns } from "./tokens.ts";

/** Which model reads it, as far as that decides how much. All in tokens. */
export interface Reading {
  window: number;
  /** Kept free for the answer, and for the thoughts before it. */
  answer: number;
}

/** What is asked, and what is known besides. */
export type Asked = Pick<
  TurnContext,
  "systemPrompt" | "messages" | "omitted" | "summary" | "tokensPerByte"
> & {
  /** What fits it of what is remembered, the best first; as many as there is room for. */
  memories?: readonly string[];
  /** What is known of whom it is answered; as little as a block of it holds. */
  about?: string | null;
};

/** Of the window, what is never filled: estimates are estimates. */
export const reserve = 0.1;

/** Of the room for what is said, what may go to blocks of data before it. */
const shareOfBlocks = 0.25;

interface Prompt {
  system: string;
  messages: PromptMessage[];
}

/** A message, and the turns that it is told in. */
interface Told {
  message: ContextMessage;
  turns: PromptMessage[];
}

const opening = "The conversation begins.";
const omission = (count: number) => `(${count} earlier messages are left out here.)`;

/**
 * What a model is asked for a turn: what is known besides what was said, as data; then the path as it is, the newest
 * messages whole as far as they fit, with the calls and results of answers, the person's first one whatever is left out,
 * and a line that says how many are. Nobody who has written in it can add to the system prompt.
 */
export function chatPrompt(
  asked: Asked,
  { window, answer }: Reading,
  files: AttachedFiles = noFiles,
): Prompt {
  const rate = asked.tokensPerByte ?? ordinaryRate;
  const system = [asked.systemPrompt, dataBlockRule].filter(Boolean).join("\n\n");
  const around = tokensOf(system, rate) + 2 * tokensOf(omission(1e9), rate);
  const room = Math.floor(window * (1 - reserve)) - answer - around;
  const known = blocksOf(asked, Math.floor(room * shareOfBlocks), rate);
  const free = room - known.reduce((sum, block) => sum + tokensOf(block, rate), 0);
  const told = asked.messages.map((message) => ({
    message,
    turns: withFiles(turnsOf(message), files.get(message.id)),
  }));
  const kept = fitting(told, free, rate);
  const omitted = asked.omitted + told.length - kept.length;
  const before: PromptMessage[] = known.length > 0 ? [{ role: "user", texts: known }] : [];
  return { system, messages: joinedTurns([...before, ...inTurns(kept, omitted)]) };
}

/**
 * What is known besides what was said: of the person, the summary of what is left out, and as many memories as there is
 * room for. What changes least comes first, so that it is read once.
 */
function blocksOf({ summary, about = null, memories = [] }: Asked, room: number, rate: number): string[] {
  const person = about === null ? "" : dataBlock("person", about);
  const short = [
    ...(person === "" || tokensOf(person, rate) > room / 2 ? [] : [person]),
    ...(summary === null ? [] : [dataBlock("summary", cutTo(summary, room / 2, rate))]),
  ];
  const left = room - short.reduce((sum, block) => sum + tokensOf(block, rate), 0);
  const told: string[] = [];
  for (const memory of memories) {
    if (tokensOf(dataBlock("memories", [...told, memory]), rate) > left) break;
    told.push(memory);
  }
  return told.length > 0 ? [...short, dataBlock("memories", told)] : short;
}

/** As much of a text as so many tokens hold; a character has four bytes at most. */
const cutTo = (text: string, tokens: number, rate: number): string =>
  tokensOf(text, rate) <= tokens ? text : cutText(text, Math.max(0, Math.floor(tokens / rate / 4)));

/** The person's first message and the newest ones that have room beside it; the newest one in any case. */
function fitting(messages: readonly Told[], free: number, rate: number): Told[] {
  if (
    tokensOfTurns(
      messages.flatMap(({ turns }) => turns),
      rate,
    ) <= free
  )
    return [...messages];
  const begin = Math.max(
    0,
    messages.findIndex(({ message }) => message.role === "user"),
  );
  const [first, ...others] = messages.slice(begin);
  const newest = others.pop();
  if (!first || !newest) return first ? [first] : [];
  const kept = [newest];
  let used = tokensOfTurns([...first.turns, ...newest.turns], rate);
  if (used > free) return kept;
  for (const told of others.reverse()) {
    used += tokensOfTurns(told.turns, rate);
    if (used > free) break;
    kept.unshift(told);
  }
  return [first, ...kept];
}

/** What is said of the path, which begins with the user's side. */
function inTurns(messages: readonly Told[], omitted: number): PromptMessage[] {
  const ours = (text: string): PromptMessage => ({ role: "user", texts: [text] });
  return messages.flatMap(({ message, turns: told }, index) => [
    ...(index === 0 && sideOf(message) === "assistant" ? [ours(opening)] : []),
    ...(omitted > 0 && index === Math.min(1, messages.length - 1) ? [ours(omission(omitted))] : []),
    ...told,
  ]);
}

import type { ContextMessage, TurnContext } from "#src/objects/turn-contract.ts";
import type { PromptMessage } from "#src/providers/index.ts";
import { dataBlock, dataBlockRule } from "../data-blocks.ts";
import { type AttachedFiles, noFiles, withFiles } from "./attached.ts";
import { joinedTurns } from "./joined-turns.ts";
import { sideOf, turnsOf } from "./said-turns.ts";
import { tokensOf, tokensOfTurns } from "./tokens.ts";

/** Which model reads it, as far as that decides how much. All in tokens. */
export interface Reading {
  window: number;
  /** Kept free for the answer, and for the thoughts before it. */
  answer: number;
}

/** Of the window, what is never filled: estimates are estimates. */
const reserve = 0.1;

interface Prompt {
  system: string;
  messages: PromptMessage[];
}

/** What is asked, and what is known besides. */
export interface Asked extends TurnContext {
  /** What fits it of what is remembered, the best first; as many as there is room for. */
  memories?: readonly string[];
}

/** A message, and the turns that it is told in. */
interface Told {
  message: ContextMessage;
  turns: PromptMessage[];
}

const opening = "The conversation begins.";
const omission = (count: number) => `(${count} earlier messages are left out here.)`;

/**
 * What a model is asked for a turn: the path as it is, the newest messages whole as far as they fit, with the calls and
 * results of answers, the first one whatever is left out, and a line that says how many are. Nobody who has written in it
 * can add to the system prompt.
 */
export function chatPrompt(
  context: Asked,
  { window, answer }: Reading,
  files: AttachedFiles = noFiles,
): Prompt {
  const system = [context.systemPrompt, dataBlockRule].filter(Boolean).join("\n\n");
  const room = Math.floor(window * (1 - reserve)) - answer - tokensOf(system) - 2 * tokensOf(omission(1e9));
  const known = blocksOf(context, Math.floor(room * shareOfBlocks));
  const free = room - known.reduce((sum, block) => sum + tokensOf(block), 0);
  const kept = fitting(
    context.messages.map((message) => ({
      message,
      turns: withFiles(turnsOf(message), files.get(message.id)),
    })),
    free,
  );
  const omitted = context.omitted + context.messages.length - kept.length;
  const before: PromptMessage[] = known.length > 0 ? [{ role: "user", texts: known }] : [];
  return { system, messages: joinedTurns([...before, ...inTurns(kept, omitted)]) };
}

/** Of the room for what is said, what may go to blocks of data before it. */
const shareOfBlocks = 0.25;

/** What is known besides what was said, as data: as many memories as there is room for. */
function blocksOf({ memories = [] }: Asked, room: number): string[] {
  const told: string[] = [];
  for (const memory of memories) {
    if (tokensOf(dataBlock("memories", [...told, memory])) > room) break;
    told.push(memory);
  }
  return told.length > 0 ? [dataBlock("memories", told)] : [];
}

/** The first message and the newest ones that have room beside it; the newest one in any case. */
function fitting(messages: readonly Told[], free: number): Told[] {
  const [first, ...others] = messages;
  const newest = others.pop();
  if (!first || !newest) return [...messages];
  const kept = [newest];
  let used = tokensOfTurns([...first.turns, ...newest.turns]);
  if (used > free) return kept;
  for (const told of others.reverse()) {
    used += tokensOfTurns(told.turns);
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

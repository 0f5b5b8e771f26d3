import type { ContextMessage, TurnContext } from "#src/objects/turn-contract.ts";
import type { PromptMessage } from "#src/providers/index.ts";
import { dataBlockRule } from "../data-blocks.ts";
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
export function chatPrompt(context: TurnContext, { window, answer }: Reading): Prompt {
  const system = [context.systemPrompt, dataBlockRule].filter(Boolean).join("\n\n");
  const free = Math.floor(window * (1 - reserve)) - answer - tokensOf(system) - 2 * tokensOf(omission(1e9));
  const kept = fitting(
    context.messages.map((message) => ({ message, turns: turnsOf(message) })),
    free,
  );
  const omitted = context.omitted + context.messages.length - kept.length;
  return { system, messages: inTurns(kept, omitted) };
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

/** Messages of one side that follow each other are one turn of it; the first turn is the user's. */
function inTurns(messages: readonly Told[], omitted: number): PromptMessage[] {
  const ours = (text: string): PromptMessage => ({ role: "user", texts: [text] });
  const turns = messages.flatMap(({ message, turns: told }, index) => [
    ...(index === 0 && sideOf(message) === "assistant" ? [ours(opening)] : []),
    ...(omitted > 0 && index === Math.min(1, messages.length - 1) ? [ours(omission(omitted))] : []),
    ...told,
  ]);
  return joinedTurns(turns);
}

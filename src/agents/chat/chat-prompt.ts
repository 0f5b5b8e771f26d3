import type { ContextMessage, TurnContext } from "#src/objects/turn-contract.ts";
import type { PromptMessage } from "#src/providers/index.ts";
import { dataBlockRule } from "../data-blocks.ts";

/** Bytes of UTF-8 that a token stands for at least, in the languages that models read; fewer bytes would be a guess. */
const bytesPerToken = 3;

/** What stands around a message, in tokens. */
const messageOverhead = 8;

const encoder = new TextEncoder();

/** The most tokens that a text may come to. */
export const tokensOf = (text: string): number =>
  Math.ceil(encoder.encode(text).length / bytesPerToken) + messageOverhead;

/** Which model reads it, as far as that decides how much. All in tokens. */
export interface Reading {
  window: number;
  /** Kept free for the answer, and for the thoughts before it. */
  answer: number;
}

/** Of the window, what is never filled: estimates are estimates. */
const reserve = 0.1;

/** A turn of words alone. */
type SpokenTurn = Extract<PromptMessage, { texts: readonly string[] }>;

interface Prompt {
  system: string;
  messages: SpokenTurn[];
}

const opening = "The conversation begins.";
const omission = (count: number) => `(${count} earlier messages are left out here.)`;
const byColleague = "A colleague of yours, a person, has answered here:";

/** Whose words a message is to the model: what somebody of the staff has written is the persona's side of it. */
const sideOf = ({ role }: ContextMessage): SpokenTurn["role"] => (role === "user" ? "user" : "assistant");

const textOf = ({ role, content }: ContextMessage): string =>
  role === "agent" ? `${byColleague}\n${content}` : content;

/**
 * What a model is asked for a turn: the path as it is, the newest messages whole as far as they fit, the first one
 * whatever is left out, and a line that says how many are. Nobody who has written in it can add to the system prompt.
 */
export function chatPrompt(context: TurnContext, { window, answer }: Reading): Prompt {
  const system = [context.systemPrompt, dataBlockRule].filter(Boolean).join("\n\n");
  const free = Math.floor(window * (1 - reserve)) - answer - tokensOf(system) - 2 * tokensOf(omission(1e9));
  const kept = fitting(context.messages, free);
  const omitted = context.omitted + context.messages.length - kept.length;
  return { system, messages: inTurns(kept, omitted) };
}

/** The first message and the newest ones that have room beside it; the newest one in any case. */
function fitting(messages: readonly ContextMessage[], free: number): ContextMessage[] {
  const [first, ...others] = messages;
  const newest = others.pop();
  if (!first || !newest) return [...messages];
  const kept = [newest];
  let used = tokensOf(textOf(first)) + tokensOf(textOf(newest));
  if (used > free) return kept;
  for (const message of others.reverse()) {
    used += tokensOf(textOf(message));
    if (used > free) break;
    kept.unshift(message);
  }
  return [first, ...kept];
}

/** Messages of one side that follow each other are one turn of it; the first turn is the user's. */
function inTurns(messages: readonly ContextMessage[], omitted: number): SpokenTurn[] {
  const turns: { role: SpokenTurn["role"]; texts: string[] }[] = [];
  const say = (role: SpokenTurn["role"], text: string) => {
    const last = turns.at(-1);
    if (last?.role === role) last.texts.push(text);
    else turns.push({ role, texts: [text] });
  };
  for (const [index, message] of messages.entries()) {
    if (index === 0 && sideOf(message) === "assistant") say("user", opening);
    if (omitted > 0 && index === Math.min(1, messages.length - 1)) say("user", omission(omitted));
    say(sideOf(message), textOf(message));
  }
  return turns;
}

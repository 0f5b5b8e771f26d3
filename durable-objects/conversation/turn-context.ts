import type { MessageView, TurnView } from "#src/objects/conversation-api.ts";
import type { ContextMessage, TurnContext } from "#src/objects/turn-contract.ts";
import { maxAnswerBytes } from "#src/objects/turn-contract.ts";
import type { ConversationState } from "./conversation-state.ts";
import type { Marks } from "./marks.ts";
import type { MessageStore } from "./message-store.ts";
import type { Summaries } from "./summaries.ts";

/** What one call carries of a path; a prompt holds less. */
const carried = { messages: 2000, units: 4_000_000 };

/** Statuses of messages that say something. */
const saying: readonly MessageView["status"][] = ["complete", "stopped"];

/** What a conversation knows that answers are made from. */
interface Known {
  state: ConversationState;
  messages: MessageStore;
  summaries: Summaries;
  marks: Marks;
  tokensPerByte: number | null;
}

/**
 * What an answer is made from: the newest messages of the path as far as one call carries them, down to where the
 * summary of those before them ends, and the person's first one, whatever is left out in between.
 */
export function contextOf(turn: TurnView, known: Known): TurnContext {
  const { state, messages, summaries, tokensPerByte } = known;
  const { held } = known.marks;
  const { id, instance_id, owner_id, owner_kind } = state.row;
  const { systemPrompt, model, tools, personalisation, holdoutPercent, run } = state.persona;
  const summary = summaries.above(messages.get(turn.answersTo));
  const { newest, omitted } = carriedFrom({ messages, held }, turn.answersTo, summary?.upTo);
  const isWhole = summary === undefined && omitted === 0;
  const first = isWhole
    ? []
    : saidIn(messages.first, held).filter((one) => newest.every(({ id }) => id !== one.id));
  return {
    conversationId: id,
    turnId: turn.id,
    messageId: turn.messageId,
    instanceId: instance_id,
    systemPrompt,
    model,
    summary: summary?.text ?? null,
    messages: [...first, ...newest],
    omitted,
    tools,
    person: { id: owner_id, kind: owner_kind },
    personalisation,
    holdoutPercent,
    budget: { fuel: run.fuelBudget, answerBytes: maxAnswerBytes },
    tokensPerByte,
  };
}

/**
 * The newest messages of a path, the oldest first, as far as one call carries them.
 * @param held ids of messages that are not for models
 * @param from the last of them
 * @param behind the message that they begin behind; the path's beginning where it is left out
 * @returns also how many of them there are that are not carried
 */
export function carriedFrom(
  { messages, held }: { messages: MessageStore; held: ReadonlySet<string> },
  from: string,
  behind?: string,
): { newest: ContextMessage[]; omitted: number } {
  const newest: ContextMessage[] = [];
  let units = 0;
  for (const { id, depth } of messages.upwards(from)) {
    if (id === behind) break;
    const message = messages.get(id);
    units += message.content.length + JSON.stringify(message.parts).length;
    if (newest.length > 0 && (newest.length >= carried.messages || units > carried.units)) {
      const end = behind === undefined ? 0 : messages.get(behind).depth + 1;
      return { newest: newest.reverse(), omitted: depth - end };
    }
    newest.push(...saidIn(message, held));
  }
  return { newest: newest.reverse(), omitted: 0 };
}

/** What a message says to whoever answers; nothing where it says nothing, or is a line of the conversation itself. */
function saidIn(message: MessageView, held: ReadonlySet<string>): ContextMessage[] {
  const { id, role, content, parts, attachments, status, createdAt } = message;
  const isSaid = !held.has(id) && saying.includes(status) && (content !== "" || parts.length > 0);
  return role === "system" || role === "note" || !isSaid
    ? []
    : [{ id, role, content, parts, attachments, createdAt }];
}

import type { MessageView, TurnView } from "#src/objects/conversation-api.ts";
import type { ContextMessage, TurnContext } from "#src/objects/turn-contract.ts";
import { maxAnswerBytes } from "#src/objects/turn-contract.ts";
import type { ConversationState } from "./conversation-state.ts";
import type { MessageStore } from "./message-store.ts";

/** What one call carries of a path; a prompt holds less. */
const carried = { messages: 2000, units: 4_000_000 };

/** Statuses of messages that say something. */
const saying: readonly MessageView["status"][] = ["complete", "stopped"];

/**
 * What an answer is made from: the newest messages of the path as far as one call carries them, and the first one of
 * all, whatever is left out in between.
 */
export function contextOf(turn: TurnView, state: ConversationState, messages: MessageStore): TurnContext {
  const { id, instance_id, owner_id, owner_kind } = state.row;
  const { systemPrompt, model, tools, run } = state.persona;
  const newest: ContextMessage[] = [];
  let units = 0;
  let omitted = 0;
  for (const { id: messageId, depth } of messages.upwards(turn.answersTo)) {
    const message = messages.get(messageId);
    units += message.content.length + JSON.stringify(message.parts).length;
    if (newest.length > 0 && (newest.length >= carried.messages || units > carried.units)) {
      omitted = depth;
      newest.push(...saidIn(messages.first));
      break;
    }
    newest.push(...saidIn(message));
  }
  return {
    conversationId: id,
    turnId: turn.id,
    messageId: turn.messageId,
    instanceId: instance_id,
    systemPrompt,
    model,
    messages: newest.reverse(),
    omitted,
    tools,
    person: { id: owner_id, kind: owner_kind },
    budget: { fuel: run.fuelBudget, answerBytes: maxAnswerBytes },
  };
}

/** What a message says to whoever answers; nothing where it says nothing, or is a line of the conversation itself. */
function saidIn({ id, role, content, parts, attachments, status, createdAt }: MessageView): ContextMessage[] {
  const isSaid = saying.includes(status) && (content !== "" || parts.length > 0);
  return role === "system" || !isSaid ? [] : [{ id, role, content, parts, attachments, createdAt }];
}

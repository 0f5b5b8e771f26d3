import { told } from "#src/conversations/index.ts";
import { type Outcome, refusal, success } from "#src/kernel/outcome.ts";
import type { ConversationView, MessageView } from "#src/objects/conversation-api.ts";
import type { RatingRequest, Satisfaction } from "#src/objects/conversation-staff-api.ts";
import type { ConversationLog } from "./conversation-log.ts";
import type { ConversationState } from "./conversation-state.ts";
import type { MessageStore } from "./message-store.ts";
import type { Pace } from "./pace.ts";

interface Parts {
  state: ConversationState;
  messages: MessageStore;
  log: ConversationLog;
  pace: Pace;
}

/** Statuses of messages that there is something to think of. */
const said: readonly MessageView["status"][] = ["complete", "stopped"];

/** Where the owner says what they think. Times in epoch milliseconds. */
export class OpinionDesk {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Of a message of others; the same once more changes nothing. */
  rate({ personId, messageId, feedback }: RatingRequest, now: number): Outcome<MessageView> {
    const { messages, log, pace } = this.#parts;
    const message = messages.find(messageId);
    if (!message || !said.includes(message.status)) return refusal("NOT_FOUND", "No such message");
    if (message.role !== "assistant" && message.role !== "agent")
      return refusal("CONFLICT", "Only what others have answered can be rated");
    if (JSON.stringify(message.feedback) === JSON.stringify(feedback)) return success(message);
    const tooFast = pace.refusalOf(personId, now);
    if (tooFast) return tooFast;
    pace.note(personId, now);
    const rated = messages.rate(messageId, feedback, now);
    log.append("message.updated", { message: told(rated) }, now);
    return success(rated);
  }

  /** Of the conversation, once for each time that it ends. */
  rateEnding(satisfaction: Satisfaction, now: number): Outcome<ConversationView> {
    const { state, log } = this.#parts;
    const { endings } = state;
    const { last } = endings;
    if (state.row.status !== "ended" || !last)
      return refusal("CONFLICT", "The conversation has not ended yet");
    if (last.score !== null) {
      const isSame = last.score === satisfaction.score && last.comment === satisfaction.comment;
      return isSame ? success(state.view()) : refusal("CONFLICT", "This ending was rated before");
    }
    endings.rate(satisfaction, now);
    state.touch();
    log.append("conversation.updated", { satisfaction: endings.shown }, now);
    return success(state.view());
  }
}

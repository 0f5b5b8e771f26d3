import { type Outcome, refusal, success } from "#src/kernel/outcome.ts";
import type { MessageView } from "#src/objects/conversation-api.ts";
import type { MessageRelease } from "#src/objects/moderation-contract.ts";
import type { ConversationState } from "./conversation-state.ts";
import type { Marks } from "./marks.ts";
import type { MessageStore } from "./message-store.ts";
import type { TurnDesk } from "./turn-desk.ts";

interface Parts {
  state: ConversationState;
  messages: MessageStore;
  desk: TurnDesk;
  marks: Marks;
}

/** Where the staff lets stand what a rule has marked. */
export class ReleaseDesk {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** What was held is read from now on, and answered where nothing has been answered behind it. */
  release({ messageId, by, persona }: MessageRelease, now: number): Outcome<MessageView> {
    const { state, messages, desk, marks } = this.#parts;
    const message = messages.find(messageId);
    const mark = marks.find(messageId);
    if (!message || mark?.state === "hidden") return refusal("NOT_FOUND", "No such message");
    // What is not marked stands already.
    if (mark?.state !== "open") return success(message);
    marks.decide(messageId, "released", by, now);
    if (mark.action === "hold") messages.admit(messageId, mark.wantsReply);
    state.touch();
    desk.goOn(now, persona);
    return success(messages.get(messageId));
  }
}

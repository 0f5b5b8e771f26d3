import type { Outcome } from "#src/kernel/outcome.ts";
import type { ConversationView, MessageView } from "#src/objects/conversation-api.ts";
import {
  messageHidingSchema,
  newNoteSchema,
  ratingRequestSchema,
  satisfactionSchema,
} from "#src/objects/conversation-staff-api.ts";
import type { assemble } from "./assemble.ts";
import type { Writing } from "./writing.ts";

/** What its owner thinks of a conversation, and what the staff notes and hides in it, as it comes from outside. */
export class Judging {
  readonly #parts: ReturnType<typeof assemble>;
  readonly #writing: Writing;

  constructor(parts: ReturnType<typeof assemble>, writing: Writing) {
    this.#parts = parts;
    this.#writing = writing;
  }

  rate(given: unknown): Outcome<MessageView> {
    const request = ratingRequestSchema.parse(given);
    return this.#writing.change((now) => this.#parts.opinions.rate(request, now));
  }

  rateEnding(given: unknown): Outcome<ConversationView> {
    const said = satisfactionSchema.parse(given);
    return this.#writing.change((now) => this.#parts.opinions.rateEnding(said, now));
  }

  note(given: unknown): Outcome<{ message: MessageView; created: boolean }> {
    const note = newNoteSchema.parse(given);
    return this.#writing.change((now) => this.#parts.notes.write(note, now));
  }

  hide(given: unknown): Outcome<MessageView> {
    const hiding = messageHidingSchema.parse(given);
    return this.#writing.change((now) => this.#parts.edits.hide(hiding, now));
  }
}

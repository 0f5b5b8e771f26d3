import { type Outcome, success } from "#src/kernel/outcome.ts";
import {
  type ConversationView,
  type MessageView,
  messageEditSchema,
  messageRemovalSchema,
  newMessageSchema,
  type SentMessage,
  type Standing,
  type TurnView,
} from "#src/objects/conversation-api.ts";
import { personaSchema, standingPersonaSchema } from "#src/objects/conversation-persona.ts";
import { messageReleaseSchema } from "#src/objects/moderation-contract.ts";
import { type ReceiptView, receiptSchema } from "#src/objects/receipt-contract.ts";
import type { assemble } from "./assemble.ts";
import type { Writing } from "./writing.ts";

/** What people write, change and take back, as it comes from outside; and what of it the staff lets stand. */
export class Talking {
  readonly #parts: ReturnType<typeof assemble>;
  readonly #writing: Writing;

  constructor(parts: ReturnType<typeof assemble>, writing: Writing) {
    this.#parts = parts;
    this.#writing = writing;
  }

  send(given: unknown): Outcome<SentMessage & Pick<Standing, "logged">> {
    const message = newMessageSchema.parse(given);
    return this.#writing.change((now) => {
      const sent = this.#parts.people.send(message, now);
      return sent.ok ? success({ ...sent.value, logged: this.#parts.log.latest }) : sent;
    });
  }

  edit(given: unknown): Outcome<SentMessage> {
    const edit = messageEditSchema.parse(given);
    return this.#writing.change((now) => this.#parts.edits.edit(edit, now));
  }

  remove(given: unknown): Outcome<MessageView> {
    const removal = messageRemovalSchema.parse(given);
    return this.#writing.change((now) => this.#parts.edits.remove(removal, now));
  }

  release(given: unknown): Outcome<MessageView> {
    const release = messageReleaseSchema.parse(given);
    return this.#writing.change((now) => this.#parts.releases.release(release, now));
  }

  regenerate(messageId: string, given: unknown): Outcome<TurnView> {
    const persona = personaSchema.optional().parse(given);
    return this.#writing.change((now) => this.#parts.people.regenerate(messageId, persona, now));
  }

  activate(leafId: string, ifLeaf: string | undefined): Outcome<ConversationView> {
    return this.#writing.change((now) => this.#parts.people.activate(leafId, ifLeaf, now));
  }

  stop(given: unknown): Outcome<ConversationView> {
    const persona = standingPersonaSchema.parse(given);
    return this.#writing.change((now) => success(this.#parts.people.stop(persona, now)));
  }

  receipt(given: unknown): Outcome<ReceiptView> {
    const said = receiptSchema.parse(given);
    return this.#writing.change((now) => success(this.#parts.participants.receipt(said, now)));
  }
}

import { Conversation, type ConversationParts } from "./conversation.ts";
import { dataOf } from "./errors.ts";
import { patiently } from "./pauses.ts";

/** Conversations with personas. */
export class Conversations {
  readonly #parts: ConversationParts;

  constructor(parts: ConversationParts) {
    this.#parts = parts;
  }

  /** Begins a conversation with a persona instance. @throws PersonaError; TypeError when the platform cannot be reached */
  async begin(instanceId: string, { title }: { title?: string } = {}): Promise<Conversation> {
    const header = { "Idempotency-Key": crypto.randomUUID() };
    const begin = () =>
      this.#parts.api.POST("/api/v1/conversations", {
        params: { header },
        body: { instance_id: instanceId, title },
      });
    return this.of(dataOf(await patiently(begin)).conversation.id);
  }

  /** One that was begun before. */
  of(id: string): Conversation {
    return new Conversation(id, this.#parts);
  }
}

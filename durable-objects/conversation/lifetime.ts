import { type Outcome, success } from "#src/kernel/outcome.ts";
import {
  type ConversationApi,
  type ConversationChange,
  type ConversationView,
  conversationChangeSchema,
  type HolderChanged,
  newConversationSchema,
  type StatusRequest,
  statusRequestSchema,
} from "#src/objects/conversation-api.ts";
import { type HolderRequest, holderRequestSchema } from "#src/objects/holder-contract.ts";
import type { assemble } from "./assemble.ts";
import { notFound, type Writing } from "./writing.ts";

/** A conversation from its beginning to its erasure. */
export class Lifetime {
  readonly #parts: ReturnType<typeof assemble>;
  readonly #writing: Writing;

  constructor(parts: ReturnType<typeof assemble>, writing: Writing) {
    this.#parts = parts;
    this.#writing = writing;
  }

  begin(given: Parameters<ConversationApi["begin"]>[0]): Outcome<ConversationView> {
    const conversation = newConversationSchema.parse(given);
    const { state, people, id, clientId } = this.#parts;
    if (!state.hasBegun) this.#writing.written((now) => people.begin({ id, clientId }, conversation, now));
    return this.view();
  }

  view(): Outcome<ConversationView> {
    return this.#parts.state.isThere ? success(this.#parts.state.view()) : notFound;
  }

  describe(given: ConversationChange): Outcome<ConversationView> {
    const change = conversationChangeSchema.parse(given);
    const { state, log } = this.#parts;
    return this.#writing.change((now) => {
      state.describe(change);
      log.append("conversation.updated", { ...change }, now);
      return success(state.view());
    });
  }

  changeHolder(given: HolderRequest): Outcome<HolderChanged> {
    const request = holderRequestSchema.parse(given);
    return this.#writing.change((now) => this.#parts.holder.change(request, now));
  }

  setStatus(given: StatusRequest): Outcome<ConversationView> {
    const request = statusRequestSchema.parse(given);
    return this.#writing.change((now) => this.#parts.holder.setStatus(request, now));
  }

  erase(): Outcome<{ erased: true }> {
    if (!this.#parts.state.isThere) return notFound;
    this.#writing.written((now) => this.#parts.eraser.erase(now));
    this.#parts.live.endListeners({ whose: "everybody", why: "rightsLost" });
    return success({ erased: true });
  }

  /** The lists have a copy of this revision, and what the log says up to an entry was counted. */
  confirmCopy(revision: number, countedTo = 0): void {
    const { state, outbox, counting } = this.#parts;
    if (!state.hasBegun) return;
    this.#writing.written((now) => {
      const isMore = counting.confirm(countedTo);
      if (revision >= state.row.revision) outbox.remove("", "lists");
      if (isMore) outbox.tellLists(now);
    });
  }
}

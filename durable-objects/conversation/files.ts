import type { Outcome } from "#src/kernel/outcome.ts";
import {
  type AttachmentReader,
  type AttachmentsApi,
  type AttachmentView,
  type DocumentReading,
  documentReadingSchema,
  type NewAttachment,
  newAttachmentSchema,
} from "#src/objects/attachments-api.ts";
import type { AttachmentDesk } from "./attachment-desk.ts";
import type { ConversationState } from "./conversation-state.ts";
import type { Freezer } from "./freezer.ts";
import type { SearchFeed } from "./search-feed.ts";
import { notFound, type Writing } from "./writing.ts";

interface Parts {
  state: ConversationState;
  enclosures: AttachmentDesk;
  freezer: Pick<Freezer, "thaw">;
  search: SearchFeed;
}

/** What a conversation is told and asked about its attachments. */
export class Files {
  readonly #parts: Parts;
  readonly #writing: Writing;

  constructor(parts: Parts, writing: Writing) {
    this.#parts = parts;
    this.#writing = writing;
  }

  add(given: NewAttachment): Awaited<ReturnType<AttachmentsApi["addAttachment"]>> {
    const attachment = newAttachmentSchema.parse(given);
    return this.#writing.change((now) => this.#parts.enclosures.add(attachment, now));
  }

  stored(attachmentId: string): Outcome<AttachmentView> {
    return this.#writing.change(() => this.#parts.enclosures.stored(attachmentId));
  }

  /** What a document says is found from now on, where a message has it. */
  read(attachmentId: string, given: DocumentReading | null): Outcome<null> {
    const reading = given && documentReadingSchema.parse(given);
    return this.#writing.change((now) => {
      const noted = this.#parts.enclosures.read(attachmentId, reading);
      this.#parts.search.note(now);
      return noted;
    });
  }

  async get(attachmentId: string, reader: AttachmentReader): Promise<Outcome<AttachmentView>> {
    await this.#parts.freezer.thaw();
    return this.#parts.state.isThere ? this.#parts.enclosures.get(attachmentId, reader) : notFound;
  }
}

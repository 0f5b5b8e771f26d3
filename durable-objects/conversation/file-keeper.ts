import { removeAllAttachments, removeAttachments } from "#src/attachments/index.ts";
import { removePartsOf } from "#src/exports/index.ts";
import type { AttachmentRows } from "./attachment-rows.ts";
import type { Freezer } from "./freezer.ts";
import type { Outgoing, TurnOutbox } from "./turn-outbox.ts";

interface Parts {
  clientId: string;
  id: string;
  attachments: AttachmentRows;
  outbox: TurnOutbox;
  blobs: Pick<R2Bucket, "delete" | "list">;
  freezer: Pick<Freezer, "removeAll">;
  /** Writes what belongs together. */
  write<T>(work: (now: number) => T): T;
}

/** A call may be storing a file while its conversation is erased: it has done so, or given up, after so long. */
const lateMs = 120_000;

/** Has R2 let go of files that the conversation does not need. */
export class FileKeeper {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Removes what no message has, or none any more. */
  async sweep(): Promise<void> {
    const { attachments, outbox, blobs, write, clientId, id: conversationId } = this.#parts;
    // Marked first: what is being removed is given to no message.
    const gone = write((now) => attachments.expire(now));
    if (gone.length > 0)
      await removeAttachments(
        blobs,
        gone.map((id) => ({ clientId, conversationId, id })),
      );
    write((now) => {
      attachments.forget(gone);
      outbox.remove("", "sweep");
      const next = attachments.nextExpiry;
      if (next !== null) outbox.at("sweep", next, now);
    });
  }

  /** Removes all files of a conversation that was erased, what was archived of it and what exports have of it; once more later, for what was on its way. */
  async removeAll({ since }: Pick<Outgoing, "since">): Promise<void> {
    const { outbox, blobs, write, clientId, id: conversationId, freezer } = this.#parts;
    await removeAllAttachments(blobs, { clientId, conversationId });
    await freezer.removeAll();
    await removePartsOf(blobs, { clientId, conversationId });
    write((now) => {
      if (now - since < lateMs) outbox.postponeTo("files", since + lateMs);
      else outbox.remove("", "files");
    });
  }
}

import { v7 as uuidv7 } from "uuid";
import { type Outcome, type Refusal, refusal, success } from "#src/kernel/outcome.ts";
import {
  type AttachmentReader,
  type AttachmentView,
  attachmentLimits,
  type DocumentReading,
  type NewAttachment,
} from "#src/objects/attachments-api.ts";
import { type AttachmentRows, attachmentView, unattachedMs } from "./attachment-rows.ts";
import type { TurnOutbox } from "./turn-outbox.ts";

interface Parts {
  attachments: AttachmentRows;
  outbox: TurnOutbox;
}

const unreadable = refusal("ATTACHMENT_UNREADABLE");
const noAttachment = refusal("NOT_FOUND", "No such attachment");

/** Where what comes with messages is taken in, and let go of. Times in epoch milliseconds. */
export class AttachmentDesk {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  add(given: NewAttachment, now: number): Outcome<{ attachment: AttachmentView; isStored: boolean }> {
    const { attachments, outbox } = this.#parts;
    const known = attachments.ofContent(given);
    if (known?.state === "refused") return unreadable;
    if (known) {
      attachments.renew(known.id, now);
      return success({ attachment: attachmentView(known), isStored: known.state !== "pending" });
    }
    const tooMuch = this.#refusalOf(given);
    if (tooMuch) return tooMuch;
    const id = uuidv7({ msecs: now });
    attachments.add(id, given, now);
    outbox.at("sweep", now + unattachedMs, now);
    return success({ attachment: attachmentView({ ...given, id }), isStored: false });
  }

  stored(id: string): Outcome<AttachmentView> {
    const { attachments } = this.#parts;
    attachments.stored(id);
    const found = attachments.find(id);
    return found ? success(attachmentView(found)) : noAttachment;
  }

  /** Somebody has read a document, or found that nobody can. */
  read(id: string, reading: DocumentReading | null): Outcome<null> {
    const { attachments } = this.#parts;
    if (!attachments.find(id)) return noAttachment;
    if (reading) attachments.read(id, reading);
    else attachments.refuse(id);
    return success(null);
  }

  /** One that a message has which the reader sees, or that they themselves have uploaded. */
  get(id: string, reader: AttachmentReader): Outcome<AttachmentView> {
    const { attachments } = this.#parts;
    const found = attachments.find(id);
    const isShown =
      found?.state === "attached"
        ? reader.as === "staff" || attachments.isSeen(id)
        : found?.state === "ready" && found.uploaded_by === reader.id;
    return found && isShown ? success(attachmentView(found)) : noAttachment;
  }

  /** What a message of a person is to have; refused where something of it is not there, not theirs, or too much. */
  named(ids: readonly string[], personId: string): Outcome<AttachmentView[]> {
    const found = [...new Set(ids)].map((id) => this.#parts.attachments.find(id));
    if (found.some((row) => row?.state === "refused" && row.uploaded_by === personId)) return unreadable;
    const usable = found.flatMap((row) =>
      row && (row.state === "ready" || row.state === "attached") && row.uploaded_by === personId
        ? [attachmentView(row)]
        : [],
    );
    if (usable.length < found.length)
      return refusal("VALIDATION_ERROR", "An attachment is none that the sender has uploaded here");
    if (usable.reduce((sum, { bytes }) => sum + bytes, 0) > attachmentLimits.messageBytes)
      return refusal("PAYLOAD_TOO_LARGE", "Too much for one message", {
        max_bytes: attachmentLimits.messageBytes,
      });
    return success(usable);
  }

  attach(attachments: readonly AttachmentView[]): void {
    for (const { id } of attachments) this.#parts.attachments.attach(id);
  }

  /** A message has been emptied of them. */
  release(released: readonly AttachmentView[], now: number): void {
    const { attachments, outbox } = this.#parts;
    if (released.length === 0) return;
    attachments.release(released);
    outbox.at("sweep", now, now);
  }

  #refusalOf({ bytes }: NewAttachment): Refusal | undefined {
    const { attachments } = this.#parts;
    const { conversationBytes } = attachmentLimits;
    return attachments.bytes + bytes > conversationBytes
      ? refusal("PAYLOAD_TOO_LARGE", "The conversation has no room for it", { max_bytes: conversationBytes })
      : undefined;
  }
}

import { Buffer } from "node:buffer";
import type { z } from "@hono/zod-openapi";
import {
  cleanName,
  removeAttachments,
  type Sniffed,
  sniffAttachment,
  storeAttachment,
} from "#src/attachments/index.ts";
import { AppError } from "#src/kernel/app-error.ts";
import { refusal, valueOrThrow } from "#src/kernel/outcome.ts";
import { type AttachmentsApi, type AttachmentView, attachmentLimits } from "#src/objects/attachments-api.ts";
import type { Platform } from "#src/platform.ts";
import { takeOne } from "#src/rate-limits/index.ts";
import type { fileSchema } from "./schemas.ts";

/** Which conversation, and who sends. */
interface Where {
  clientId: string;
  conversationId: string;
  personId: string;
}

type Conversation = Pick<AttachmentsApi, "addAttachment" | "attachmentStored">;

/**
 * Stores a file for a message of a conversation that is to come. Its place is made first: what breaks off in between is
 * known of, and goes by itself.
 * @throws AppError `UNSUPPORTED_MEDIA_TYPE`, `PAYLOAD_TOO_LARGE`, `ATTACHMENT_UNREADABLE`; `RATE_LIMITED`
 */
export async function takeAttachment(
  { blobs, queues, objects }: Pick<Platform, "blobs" | "queues" | "objects">,
  conversation: Conversation,
  { clientId, conversationId, personId }: Where,
  file: z.infer<typeof fileSchema>,
): Promise<AttachmentView> {
  await uploadAllowed({ objects }, { clientId, personId });
  const { type, length, width, height, pages } = recognised(file.bytes);
  const bytes = file.bytes.subarray(0, length);
  const { attachment, isStored } = valueOrThrow(
    await conversation.addAttachment({
      name: cleanName(file.name, type),
      type,
      bytes: length,
      sha256: await sha256Of(bytes),
      width,
      height,
      pages,
      uploadedBy: personId,
    }),
  );
  if (isStored) return attachment;
  const place = { clientId, conversationId, id: attachment.id };
  await storeAttachment(blobs, place, bytes, type);
  // Before the conversation knows: what breaks off in between is sent again with the file.
  if (type === "application/pdf")
    await queues.of("document-tasks", conversationId).send({
      type: "document.read",
      client_id: clientId,
      conversation_id: conversationId,
      attachment_id: attachment.id,
    });
  const stored = await conversation.attachmentStored(attachment.id);
  // It was erased meanwhile: nothing of it may stay.
  if (!stored.ok) await removeAttachments(blobs, [place]);
  return valueOrThrow(stored);
}

/**
 * Counts what somebody uploads, in all of their conversations together: also what is refused, which is read as well.
 * @throws AppError `RATE_LIMITED`
 */
async function uploadAllowed(
  platform: Pick<Platform, "objects">,
  { clientId, personId }: Pick<Where, "clientId" | "personId">,
): Promise<void> {
  const { hourly: most } = attachmentLimits;
  const limits = [{ seconds: 3600, most }];
  const taken = await takeOne(await platform.objects.gate(clientId), { key: `uploads:${personId}`, limits });
  if ("waitSeconds" in taken)
    valueOrThrow(
      refusal("RATE_LIMITED", `At most ${most} uploads an hour`, { retry_after: taken.waitSeconds }),
    );
}

// The runtime's own digest, off the thread: a file of megabytes holds up nobody else.
const sha256Of = async (bytes: Uint8Array): Promise<string> =>
  Buffer.from(await crypto.subtle.digest("SHA-256", new Uint8Array(bytes))).toString("hex");

function recognised(bytes: Uint8Array): Sniffed {
  const found = sniffAttachment(bytes);
  if (!("unfit" in found)) return found;
  switch (found.unfit) {
    case "kind":
      throw new AppError("UNSUPPORTED_MEDIA_TYPE", {
        message: "Send a PNG, JPEG, WebP or GIF picture, a PDF, or a text",
      });
    case "broken":
      throw new AppError("ATTACHMENT_UNREADABLE");
    case "size":
      throw new AppError("PAYLOAD_TOO_LARGE", { message: "The file is too large", details: found.limit });
  }
}

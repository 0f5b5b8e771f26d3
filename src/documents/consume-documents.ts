import {
  type AttachmentPlace,
  findAttachment,
  removeAttachments,
  storeText,
} from "#src/attachments/index.ts";
import { type AttachmentsApi, attachmentLimits } from "#src/objects/attachments-api.ts";
import { errorFields, type Logger } from "#src/observability/logger.ts";
import { type DeadLetter, deadLetter, isMessageOn, retryDelay } from "#src/tasks/index.ts";
import { cutText } from "#src/text/cut-text.ts";
import { readPdf } from "./read-pdf.ts";

interface DocumentsConsumer {
  blobs: R2Bucket;
  conversation(clientId: string, id: string): Promise<Pick<AttachmentsApi, "documentRead">>;
  deadLetters: Pick<Queue<DeadLetter>, "send">;
  log: Logger;
  now(): number;
}

/** One that ends its reader so many times, by the time or the memory that it takes, is read by models alone. */
const maxTries = 3;

/**
 * Consumes `document-tasks`: reads documents that came with messages, keeps their words beside them, and tells the
 * conversation. One that cannot be read stays as it is, for models; what cannot be stored now is read again.
 */
export async function consumeDocuments(
  { queue, messages }: Pick<MessageBatch<unknown>, "queue" | "messages">,
  consumer: DocumentsConsumer,
): Promise<void> {
  for (const message of messages) {
    const { body, attempts } = message;
    try {
      if (!isMessageOn("document-tasks", body))
        await consumer.deadLetters.send(deadLetter(queue, body, "No document", consumer.now()));
      else if (attempts <= maxTries)
        await readDocument(
          { clientId: body.client_id, conversationId: body.conversation_id, id: body.attachment_id },
          consumer,
        );
      message.ack();
    } catch (error) {
      consumer.log.error("a document was not read; it is tried again", errorFields(error));
      message.retry({ delaySeconds: retryDelay(attempts) });
    }
  }
}

async function readDocument(
  place: AttachmentPlace,
  { blobs, conversation }: DocumentsConsumer,
): Promise<void> {
  const file = await findAttachment(blobs, place);
  // It has gone meanwhile: nothing that was read in it before may stay.
  if (!file) return removeAttachments(blobs, [place]);
  const found = await readPdf(await file.bytes(), attachmentLimits.pages);
  if (!found) return;
  const { pages, text } = found;
  const isTooLong = pages > attachmentLimits.pages;
  if (!isTooLong && text !== "") await storeText(blobs, place, text);
  const told = await (await conversation(place.clientId, place.conversationId)).documentRead(
    place.id,
    isTooLong
      ? null
      : {
          pages,
          textBytes: new TextEncoder().encode(text).length,
          beginning: cutText(text, attachmentLimits.found),
        },
  );
  if (!told.ok) await removeAttachments(blobs, [place]);
}

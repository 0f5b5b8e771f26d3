import { contentDisposition, findAttachment } from "#src/attachments/index.ts";
import type { StoredFile } from "#src/http/stored-file.ts";
import { valueOrThrow } from "#src/kernel/outcome.ts";
import type { AttachmentReader, AttachmentsApi } from "#src/objects/attachments-api.ts";
import type { Platform } from "#src/platform.ts";

/** Which one, and who asks. */
interface Asked {
  clientId: string;
  conversationId: string;
  attachmentId: string;
  reader: AttachmentReader;
}

/**
 * An attachment as it is served: as nothing but what it was found to be, where nothing in it may run.
 * @throws AppError `NOT_FOUND`
 */
export async function attachmentFile(
  { blobs }: Pick<Platform, "blobs">,
  conversation: Pick<AttachmentsApi, "getAttachment">,
  { clientId, conversationId, attachmentId, reader }: Asked,
): Promise<StoredFile> {
  const { id, type, name, bytes, sha256 } = valueOrThrow(
    await conversation.getAttachment(attachmentId, reader),
  );
  const isPicture = type.startsWith("image/");
  return {
    type: type.startsWith("text/") ? `${type}; charset=utf-8` : type,
    etag: `"${sha256}"`,
    size: bytes,
    headers: {
      "cache-control": "private, no-store",
      "content-disposition": contentDisposition(isPicture ? "inline" : "attachment", name),
      "content-security-policy": "sandbox; default-src 'none'",
      "cross-origin-resource-policy": "same-origin",
      "x-content-type-options": "nosniff",
      vary: "Authorization",
    },
    read: async (part) => (await findAttachment(blobs, { clientId, conversationId, id }, part))?.body,
  };
}

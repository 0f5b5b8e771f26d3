/** Which attachment: of a conversation, by its id. */
export interface AttachmentPlace {
  clientId: string;
  conversationId: string;
  id: string;
}

const prefixOf = ({ clientId, conversationId }: Omit<AttachmentPlace, "id">) =>
  `attachments/${clientId}/${conversationId}/`;

const keyOf = (place: AttachmentPlace) => prefixOf(place) + place.id;

type Blobs<K extends keyof R2Bucket> = Pick<R2Bucket, K>;

export const storeAttachment = (
  blobs: Blobs<"put">,
  place: AttachmentPlace,
  bytes: Uint8Array,
  contentType: string,
) => blobs.put(keyOf(place), bytes, { httpMetadata: { contentType } });

/** Its bytes, or a part of them, fetched as they are read; null where they are there no more. */
export const findAttachment = (
  blobs: Blobs<"get">,
  place: AttachmentPlace,
  range?: { offset: number; length: number },
): Promise<R2ObjectBody | null> => blobs.get(keyOf(place), range ? { range } : {});

export const removeAttachments = (blobs: Blobs<"delete">, places: readonly AttachmentPlace[]) =>
  blobs.delete(places.map(keyOf));

/** Removes all that came with the messages of a conversation. */
export async function removeAllAttachments(
  blobs: Blobs<"list" | "delete">,
  conversation: Omit<AttachmentPlace, "id">,
): Promise<void> {
  for (;;) {
    const { objects, truncated } = await blobs.list({ prefix: prefixOf(conversation) });
    if (objects.length > 0) await blobs.delete(objects.map(({ key }) => key));
    if (!truncated) return;
  }
}

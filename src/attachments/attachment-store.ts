/** Which attachment: of a conversation, by its id. */
export interface AttachmentPlace {
  clientId: string;
  conversationId: string;
  id: string;
}

const prefixOf = ({ clientId, conversationId }: Omit<AttachmentPlace, "id">) =>
  `attachments/${clientId}/${conversationId}/`;

const keyOf = (place: AttachmentPlace) => prefixOf(place) + place.id;

/** Where the text of a document is, which goes with it. */
const textKeyOf = (place: AttachmentPlace) => `${keyOf(place)}.text`;

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

/** Keeps what has been read in a document beside it. */
export const storeText = (blobs: Blobs<"put">, place: AttachmentPlace, text: string) =>
  blobs.put(textKeyOf(place), text, { httpMetadata: { contentType: "text/plain; charset=utf-8" } });

/** What has been read in a document; null where nothing has. */
export const findText = (blobs: Blobs<"get">, place: AttachmentPlace): Promise<R2ObjectBody | null> =>
  blobs.get(textKeyOf(place));

export const removeAttachments = (blobs: Blobs<"delete">, places: readonly AttachmentPlace[]) =>
  blobs.delete(places.flatMap((place) => [keyOf(place), textKeyOf(place)]));

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

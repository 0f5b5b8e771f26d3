/** Which part of which export: what it has of a conversation. */
export interface PartPlace {
  clientId: string;
  conversationId: string;
  exportId: string;
}

type Blobs<K extends keyof R2Bucket> = Pick<R2Bucket, K>;

/** By conversation first, so that all exports of one are found when it is erased. */
const prefixOf = ({ clientId, conversationId }: Omit<PartPlace, "exportId">) =>
  `exports/${clientId}/${conversationId}/`;

/** Where a conversation stands as its export has it written. */
export const textPartKey = (place: PartPlace) => `${prefixOf(place)}${place.exportId}`;

/** Where stands what came with its messages. */
export const filesPartKey = (place: PartPlace) => `${textPartKey(place)}.files`;

/** R2 removes so many objects at once. */
const atOnce = 1000;

/** Removes parts; of those that are not there nothing is said. */
export async function removeParts(blobs: Blobs<"delete">, places: readonly PartPlace[]): Promise<void> {
  const keys = places.flatMap((place) => [textPartKey(place), filesPartKey(place)]);
  for (let from = 0; from < keys.length; from += atOnce) await blobs.delete(keys.slice(from, from + atOnce));
}

/** Removes what all exports have of a conversation. */
export async function removePartsOf(
  blobs: Blobs<"list" | "delete">,
  conversation: Omit<PartPlace, "exportId">,
): Promise<void> {
  for (let isMore = true; isMore; ) {
    const { objects, truncated } = await blobs.list({ prefix: prefixOf(conversation) });
    if (objects.length > 0) await blobs.delete(objects.map(({ key }) => key));
    isMore = truncated;
  }
}

import type { StoredFile } from "#src/http/stored-file.ts";
import type { Account } from "#src/kernel/actor.ts";
import { type ImagePlace, storedImage } from "./stored-image.ts";

/** An image within the caller's reach: their own, or one of their tenant. */
export async function visibleImage(
  blobs: R2Bucket,
  { clientId, userId, scope }: Account,
  place: ImagePlace,
): Promise<StoredFile | undefined> {
  if (place.client_id !== clientId) return undefined;
  return storedImage(
    blobs,
    place,
    ({ customMetadata }) => scope !== "own" || customMetadata?.user_id === userId,
  );
}

/** Which avatar: of a user, by its file name. */
interface AvatarPlace {
  clientId: string;
  userId: string;
  file: string;
}

/** Avatars in R2, under their owner's prefix. */
const prefixOf = (clientId: string, userId: string) => `avatars/${clientId}/${userId}/`;

const keyOf = ({ clientId, userId, file }: AvatarPlace) => prefixOf(clientId, userId) + file;

export const storeAvatar = (blobs: R2Bucket, place: AvatarPlace, bytes: Uint8Array, contentType: string) =>
  blobs.put(keyOf(place), bytes, { httpMetadata: { contentType } });

/** The avatar; its bytes are fetched as they are read. */
export const findAvatar = (blobs: R2Bucket, place: AvatarPlace) => blobs.get(keyOf(place));

export const removeAvatar = (blobs: R2Bucket, place: AvatarPlace) => blobs.delete(keyOf(place));

/** Removes every avatar a user ever stored. */
export async function removeAvatars(blobs: R2Bucket, clientId: string, userId: string): Promise<void> {
  const prefix = prefixOf(clientId, userId);
  for (;;) {
    const { objects, truncated } = await blobs.list({ prefix });
    if (objects.length > 0) await blobs.delete(objects.map(({ key }) => key));
    if (!truncated) return;
  }
}

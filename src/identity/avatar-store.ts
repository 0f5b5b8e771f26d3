import type { ImageType } from "./sniff-image.ts";

/** Avatars in R2, under their owner's prefix. */
const prefixOf = (clientId: string, userId: string) => `avatars/${clientId}/${userId}/`;

export const storeAvatar = (
  blobs: R2Bucket,
  { clientId, userId, file }: { clientId: string; userId: string; file: string },
  bytes: Uint8Array,
  { contentType }: ImageType,
) => blobs.put(prefixOf(clientId, userId) + file, bytes, { httpMetadata: { contentType } });

export const findAvatar = (blobs: R2Bucket, clientId: string, userId: string, file: string) =>
  blobs.get(prefixOf(clientId, userId) + file);

/** Removes a user's avatars, all or all but one. */
export async function removeAvatars(
  blobs: R2Bucket,
  clientId: string,
  userId: string,
  except?: string,
): Promise<void> {
  const prefix = prefixOf(clientId, userId);
  let cursor: string | undefined;
  do {
    const page = await blobs.list({ prefix, cursor });
    const keys = page.objects.map(({ key }) => key).filter((key) => key !== prefix + except);
    if (keys.length > 0) await blobs.delete(keys);
    cursor = page.truncated ? page.cursor : undefined;
  } while (cursor !== undefined);
}

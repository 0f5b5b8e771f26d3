import { z } from "@hono/zod-openapi";
import type { StoredFile } from "#src/http/stored-file.ts";
import { clientIdSchema } from "#src/identity/index.ts";

/** Which image: of which run of a tenant, by its file's name. */
export const imageParams = z.object({
  client_id: clientIdSchema,
  run: z.uuid(),
  file: z
    .string()
    .max(200)
    .regex(/^[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*\.(?:png|jpg|jpeg|webp)$/, "A file name"),
});
export type ImagePlace = z.infer<typeof imageParams>;

/** Types an image may have; anything else in the store is served as no image. */
const imageTypes = ["image/png", "image/jpeg", "image/webp"];

/** Where a browser finds an image. */
export const pathOfImage = ({ client_id, run, file }: ImagePlace): string =>
  `/api/v1/images/${client_id}/${run}/${file}`;

/**
 * An image in R2, where a task has written it: `images/{client_id}/{run}/{file}`.
 * @returns undefined when there is none, or none that may be read
 */
export async function storedImage(
  blobs: R2Bucket,
  { client_id, run, file }: ImagePlace,
  mayRead: (image: R2Object) => boolean,
): Promise<StoredFile | undefined> {
  const key = `images/${client_id}/${run}/${file}`;
  const head = await blobs.head(key);
  const type = head?.httpMetadata?.contentType ?? "image/png";
  if (!head || !mayRead(head) || !imageTypes.includes(type)) return undefined;
  const { etag, httpEtag, size, uploaded } = head;
  return {
    type,
    etag: httpEtag,
    size,
    uploaded,
    read: async (range) => {
      const found = await blobs.get(key, { onlyIf: { etagMatches: etag }, range });
      return found && "body" in found ? found.body : undefined;
    },
  };
}

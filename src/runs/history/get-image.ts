import { z } from "@hono/zod-openapi";
import type { StoredFile } from "#src/http/stored-file.ts";
import { clientIdSchema } from "#src/identity/index.ts";
import { AppError } from "#src/kernel/app-error.ts";
import { operation } from "#src/operation/operation.ts";

/** Types an image may have; anything else in the store is served as no image. */
const imageTypes = ["image/png", "image/jpeg", "image/webp"];

/** From R2, where a task has written it: `images/{client_id}/{run}/{file}`. */
export const getImage = operation({
  name: "getImage",
  summary: "An image made by a run",
  input: z.object({
    params: z.object({
      client_id: clientIdSchema,
      run: z.uuid(),
      file: z
        .string()
        .max(200)
        .regex(/^[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*\.(?:png|jpg|jpeg|webp)$/, "A file name"),
    }),
  }),
  output: z.custom<StoredFile>(),
  refusals: ["NOT_FOUND", "RANGE_NOT_SATISFIABLE"],
  run: async ({ blobs }, actor, { params: { client_id, run, file } }) => {
    if (client_id !== actor.clientId) throw new AppError("NOT_FOUND");
    const key = `images/${client_id}/${run}/${file}`;
    const head = await blobs.head(key);
    const isReached = actor.scope !== "own" || head?.customMetadata?.user_id === actor.userId;
    const type = head?.httpMetadata?.contentType ?? "image/png";
    if (!head || !isReached || !imageTypes.includes(type)) throw new AppError("NOT_FOUND");
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
  },
});

import { z } from "@hono/zod-openapi";
import { AppError } from "#src/kernel/app-error.ts";
import { operation } from "#src/operation/operation.ts";
import { findAvatar } from "./avatar-store.ts";

export const getAvatar = operation({
  name: "getAvatar",
  summary: "An avatar: one's own, or for moderators and administrators one of their tenant",
  input: z.object({
    params: z.object({
      user_id: z.uuid(),
      avatar: z.string().regex(/^[0-9a-f-]{36}\.(?:png|jpg|webp|gif)$/, "A file name"),
    }),
  }),
  output: z.custom<R2ObjectBody>(),
  refusals: ["NOT_FOUND"],
  run: async ({ blobs }, { clientId, userId, scope }, { params: { user_id, avatar } }) => {
    const mayRead = scope !== "own" || userId === user_id;
    const found = mayRead && (await findAvatar(blobs, { clientId, userId: user_id, file: avatar }));
    if (!found) throw new AppError("NOT_FOUND");
    return found;
  },
});

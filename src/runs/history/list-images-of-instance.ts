import { z } from "@hono/zod-openapi";
import { cursorQuery } from "#src/http/cursor.ts";
import { pageOf, pageRequest } from "#src/http/page.ts";
import { signedAddress } from "#src/http/signed-address.ts";
import { keyRingOf } from "#src/kernel/key-ring.ts";
import { operation } from "#src/operation/operation.ts";
import { instanceParams, visibleInstance } from "#src/personas/index.ts";
import { imagesSchema } from "./schemas.ts";
import { imageEntry } from "./views.ts";

export const listImagesOfInstance = operation({
  name: "listImagesOfInstance",
  summary: "Images the instance's runs made, newest first",
  input: z.object({ params: instanceParams, query: cursorQuery() }),
  output: imagesSchema,
  refusals: ["NOT_FOUND"],
  run: async ({ db, history, settings, clock }, actor, { params, query }) => {
    const instance = await visibleInstance(db, actor, params.instance_id);
    const found = await history.imagesOf(instance, pageRequest(query));
    const { rows, nextCursor } = pageOf(found, query.limit, ({ created_at, id }) => [created_at, id]);
    const sign = (path: string) => signedAddress(path, keyRingOf(settings), clock.now());
    return { images: rows.map((row) => imageEntry(row, sign)), count: rows.length, next_cursor: nextCursor };
  },
});

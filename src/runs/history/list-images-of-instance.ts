import { z } from "@hono/zod-openapi";
import { cursorQuery } from "#src/http/cursor.ts";
import { listed, pageRequest } from "#src/http/page.ts";
import { operation } from "#src/operation/operation.ts";
import { instanceParams, visibleInstance } from "#src/personas/index.ts";
import { pageImages } from "./run-history-repository.ts";
import { imagesSchema } from "./schemas.ts";
import { imageEntry } from "./views.ts";

export const listImagesOfInstance = operation({
  name: "listImagesOfInstance",
  summary: "Images the instance's runs made, newest first",
  input: z.object({ params: instanceParams, query: cursorQuery() }),
  output: imagesSchema,
  refusals: ["NOT_FOUND"],
  run: async ({ db }, actor, { params, query }) => {
    const instance = await visibleInstance(db, actor, params.instance_id);
    const { rows, page } = listed(await pageImages(db, instance, pageRequest(query)), query.limit);
    return { images: rows.map((row) => imageEntry(instance.clientId, row)), ...page };
  },
});

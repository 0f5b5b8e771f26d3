import { z } from "@hono/zod-openapi";
import { v7 as uuidv7 } from "uuid";
import { AppError } from "#src/kernel/app-error.ts";
import { operation } from "#src/operation/operation.ts";
import { recommendationsSchema, similarQuery } from "./list-schemas.ts";
import { itemParams } from "./schemas.ts";
import { listView } from "./views.ts";

export const findSimilarItems = operation({
  name: "findSimilarItems",
  summary: "Items like one",
  description: "By who liked both, and by what they are about; for everybody the same.",
  input: z.object({ params: itemParams, query: similarQuery }),
  output: recommendationsSchema,
  refusals: ["NOT_FOUND"],
  run: async ({ objects, clock }, { clientId }, { params, query }) => {
    const now = clock.now();
    const list = await (await objects.personalisation(clientId)).similarTo(params.item_id, query.limit);
    if (!list) throw new AppError("NOT_FOUND");
    return listView(list, uuidv7({ msecs: now }), now);
  },
});

import { z } from "@hono/zod-openapi";
import { cursorQuery } from "#src/http/cursor.ts";
import { pageRequest } from "#src/http/page.ts";
import { operation } from "#src/operation/operation.ts";
import { instanceParams, visibleInstance } from "#src/personas/index.ts";
import { historySchema } from "./schemas.ts";
import { historyView } from "./views.ts";

export const listRunsOfInstance = operation({
  name: "listRunsOfInstance",
  summary: "The instance's runs, newest first",
  description: "Every run is there the moment it has begun, as it is then.",
  input: z.object({ params: instanceParams, query: cursorQuery() }),
  output: historySchema,
  refusals: ["NOT_FOUND"],
  run: async ({ db, history }, actor, { params, query }) => {
    const instance = await visibleInstance(db, actor, params.instance_id);
    const names = new Map([[instance.id, instance.name]]);
    return historyView(await history.ofInstance(instance, pageRequest(query)), query.limit, () => names);
  },
});

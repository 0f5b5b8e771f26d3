import { z } from "@hono/zod-openapi";
import { cursorQuery } from "#src/http/cursor.ts";
import { listed, pageRequest } from "#src/http/page.ts";
import { operation } from "#src/operation/operation.ts";
import { pageInstances } from "./instance-repository.ts";
import { instanceListSchema } from "./schemas.ts";
import { instanceViews } from "./views.ts";

export const listInstances = operation({
  name: "listInstances",
  summary: "One's own persona instances, newest first",
  input: z.object({ query: cursorQuery().extend({ project_id: z.uuid().optional() }) }),
  output: instanceListSchema,
  run: async ({ db }, actor, { query }) => {
    const found = await pageInstances(db, actor, { projectId: query.project_id }, pageRequest(query));
    const { rows, page } = listed(found, query.limit);
    const instances = (await instanceViews(db, rows)).map(({ view }) => view);
    return { instances, ...page };
  },
});

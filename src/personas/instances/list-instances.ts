import { z } from "@hono/zod-openapi";
import { cursorQuery } from "#src/http/cursor.ts";
import { listed, pageRequest } from "#src/http/page.ts";
import { operation } from "#src/operation/operation.ts";
import { pageInstances } from "./instance-repository.ts";
import { includedInInstance, instanceListSchema } from "./schemas.ts";
import { instanceViews } from "./views.ts";
import { withLastRuns } from "./with-last-runs.ts";

export const listInstances = operation({
  name: "listInstances",
  summary: "One's own persona instances, newest first",
  input: z.object({
    query: cursorQuery().extend({ project_id: z.uuid().optional(), include: includedInInstance }),
  }),
  output: instanceListSchema,
  run: async (platform, actor, { query }) => {
    const { db } = platform;
    const found = await pageInstances(db, actor, { projectId: query.project_id }, pageRequest(query));
    const { rows, page } = listed(found, query.limit);
    const views = (await instanceViews(db, rows)).map(({ view }) => view);
    const instances = query.include ? await withLastRuns(platform, actor.clientId, views) : views;
    return { instances, ...page };
  },
});

import { z } from "@hono/zod-openapi";
import { cursorQuery } from "#src/http/cursor.ts";
import { listed, pageRequest } from "#src/http/page.ts";
import { operation } from "#src/operation/operation.ts";
import { listProjects as findProjects } from "./project-repository.ts";
import { projectListSchema } from "./schemas.ts";
import { projectView } from "./views.ts";

export const listProjects = operation({
  name: "listProjects",
  summary: "One's own projects, newest first",
  input: z.object({ query: cursorQuery() }),
  output: projectListSchema,
  run: async ({ db }, actor, { query }) => {
    const { rows, page } = listed(await findProjects(db, actor, pageRequest(query)), query.limit);
    return { projects: rows.map(projectView), ...page };
  },
});

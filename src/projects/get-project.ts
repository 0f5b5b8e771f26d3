import { z } from "@hono/zod-openapi";
import { operation } from "#src/operation/operation.ts";
import { reachableProject } from "./reachable-project.ts";
import { projectParams, projectSchema } from "./schemas.ts";
import { projectView } from "./views.ts";

export const getProject = operation({
  name: "getProject",
  summary: "One project",
  input: z.object({ params: projectParams }),
  output: projectSchema,
  refusals: ["INSUFFICIENT_PERMISSIONS", "NOT_FOUND"],
  run: async ({ db }, actor, { params }) => projectView(await reachableProject(db, actor, params.project_id)),
});

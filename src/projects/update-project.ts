import { z } from "@hono/zod-openapi";
import { isUniqueViolation } from "#src/db/unique-violation.ts";
import { AppError } from "#src/kernel/app-error.ts";
import { operation } from "#src/operation/operation.ts";
import { nameTaken } from "./create-project.ts";
import { updateProjectRow } from "./project-repository.ts";
import { reachableProject } from "./reachable-project.ts";
import { projectParams, projectSchema, updateProjectSchema } from "./schemas.ts";
import { projectView } from "./views.ts";

export const updateProject = operation({
  name: "updateProject",
  summary: "Change a project; fields left out stay as they are",
  input: z.object({ params: projectParams, body: updateProjectSchema }),
  output: projectSchema,
  refusals: ["INSUFFICIENT_PERMISSIONS", "NOT_FOUND", "CONFLICT"],
  run: async ({ db, clock }, actor, { params, body }) => {
    const project = await reachableProject(db, actor, params.project_id);
    try {
      const [changed] = await updateProjectRow(db, project, body, clock.now());
      if (!changed) throw new AppError("NOT_FOUND");
      return projectView(changed);
    } catch (error) {
      throw isUniqueViolation(error) ? nameTaken(error) : error;
    }
  },
});

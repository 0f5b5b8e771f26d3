import { z } from "@hono/zod-openapi";
import { v7 as uuidv7 } from "uuid";
import { isUniqueViolation } from "#src/db/unique-violation.ts";
import { columnsOf } from "#src/http/columns-of.ts";
import { AppError } from "#src/kernel/app-error.ts";
import { operation } from "#src/operation/operation.ts";
import { insertWithinQuota, type ProjectRow } from "./project-repository.ts";
import { createProjectSchema, projectSchema } from "./schemas.ts";
import { projectView } from "./views.ts";

/** The refusal for a name that another active project of the owner has. */
export const nameTaken = (cause: unknown): AppError =>
  new AppError("CONFLICT", { message: "You have a project with this name", cause });

export const createProject = operation({
  name: "createProject",
  summary: "Make a project",
  input: z.object({ body: createProjectSchema }),
  output: projectSchema,
  refusals: ["QUOTA_EXCEEDED", "CONFLICT"],
  run: async ({ db, clock }, { clientId, userId }, { body }) => {
    const now = clock.now();
    const row: ProjectRow = {
      id: uuidv7({ msecs: now }),
      clientId,
      ownerId: userId,
      ...columnsOf(body),
      isActive: true,
      createdAt: now,
      updatedAt: now,
    };
    try {
      if (!(await insertWithinQuota(db, row)))
        throw new AppError("QUOTA_EXCEEDED", { details: { resource: "projects" } });
    } catch (error) {
      throw isUniqueViolation(error) ? nameTaken(error) : error;
    }
    return projectView(row);
  },
});

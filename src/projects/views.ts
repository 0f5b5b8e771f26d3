import type { z } from "@hono/zod-openapi";
import { wireRow } from "#src/http/wire-row.ts";
import type { ProjectRow } from "./project-repository.ts";
import { projectSchema } from "./schemas.ts";

export const projectView = (row: ProjectRow): z.infer<typeof projectSchema> => wireRow(projectSchema, row);

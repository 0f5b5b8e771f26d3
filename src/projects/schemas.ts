import { z } from "@hono/zod-openapi";
import { pageFields } from "#src/http/page.ts";

const name = z.string().trim().min(1).max(255).openapi({ example: "My AI assistant" });
const description = z.string().max(2000);

export const projectSchema = z
  .object({
    id: z.uuid(),
    client_id: z.string(),
    owner_id: z.uuid(),
    name: z.string(),
    description: z.string(),
    is_active: z.boolean(),
    created_at: z.iso.datetime(),
    updated_at: z.iso.datetime(),
  })
  .openapi("Project");

export const projectListSchema = z
  .object({ projects: z.array(projectSchema), ...pageFields })
  .openapi("ProjectList");

export const projectParams = z.object({ project_id: z.uuid() });

export const createProjectSchema = z
  .strictObject({ name, description: description.default("") })
  .openapi("CreateProject");
export const updateProjectSchema = z.strictObject({ name, description }).partial().openapi("UpdateProject");

export type UpdateProject = z.infer<typeof updateProjectSchema>;

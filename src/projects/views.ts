import type { z } from "@hono/zod-openapi";
import { isoTime } from "#src/kernel/clock.ts";
import type { ProjectRow } from "./project-repository.ts";
import type { projectSchema } from "./schemas.ts";

export const projectView = (row: ProjectRow): z.infer<typeof projectSchema> => ({
  id: row.id,
  client_id: row.clientId,
  owner_id: row.ownerId,
  name: row.name,
  description: row.description,
  is_active: row.isActive,
  created_at: isoTime(row.createdAt),
  updated_at: isoTime(row.updatedAt),
});

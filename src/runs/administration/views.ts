import type { z } from "@hono/zod-openapi";
import type { RunRow } from "#src/read-models/run-row.ts";
import { runSummary } from "../history/views.ts";
import type { administeredRunSchema } from "./schemas.ts";

/** A run of the read model on the wire, with whose it is. */
export const administeredRun = (row: RunRow): z.infer<typeof administeredRunSchema> => ({
  ...runSummary(row),
  client_id: row.clientId,
  user_id: row.userId,
  project_id: row.projectId,
  template_id: row.templateId,
});

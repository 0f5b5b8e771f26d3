import type { z } from "@hono/zod-openapi";
import type { PlanReport } from "#src/engine/plans/validate-plan.ts";
import { workflowPrefix } from "#src/engine/topics.ts";
import { isoTime } from "#src/kernel/clock.ts";
import type { workflowSchema, workflowSummarySchema, workflowVersionListSchema } from "./schemas.ts";
import type { WorkflowRow, WorkflowVersionRow } from "./workflow-repository.ts";

/** A workflow definition in a list. */
export const workflowSummary = (
  row: Omit<WorkflowRow, "plan" | "deletedAt">,
): z.infer<typeof workflowSummarySchema> => ({
  id: row.id,
  client_id: row.clientId,
  name: row.name,
  description: row.description,
  topic: `${workflowPrefix}${row.name}`,
  version: row.version,
  is_active: row.isActive,
  created_at: isoTime(row.createdAt),
  updated_at: isoTime(row.updatedAt),
});

/** A workflow definition on the wire, with what its plan's check says. */
export const workflowView = (row: WorkflowRow, validation: PlanReport): z.infer<typeof workflowSchema> => ({
  ...workflowSummary(row),
  plan: row.plan,
  validation,
});

export const workflowVersionView = (
  row: WorkflowVersionRow,
): z.infer<typeof workflowVersionListSchema>["versions"][number] => ({
  version: row.version,
  description: row.description,
  plan: row.plan,
  created_at: isoTime(row.createdAt),
});

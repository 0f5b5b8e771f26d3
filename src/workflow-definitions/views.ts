import type { z } from "@hono/zod-openapi";
import type { PlanReport } from "#src/engine/plans/validate-plan.ts";
import { workflowPrefix } from "#src/engine/topics.ts";
import { wireRow } from "#src/http/wire-row.ts";
import { workflowSchema, workflowSummarySchema, workflowVersionSchema } from "./schemas.ts";
import type { WorkflowRow, WorkflowVersionRow } from "./workflow-repository.ts";

const topicOf = ({ name }: Pick<WorkflowRow, "name">): string => `${workflowPrefix}${name}`;

/** A workflow definition in a list. */
export const workflowSummary = (
  row: Omit<WorkflowRow, "plan" | "deletedAt">,
): z.infer<typeof workflowSummarySchema> => wireRow(workflowSummarySchema, row, { topic: topicOf(row) });

/** A workflow definition on the wire, with what its plan's check says. */
export const workflowView = (row: WorkflowRow, validation: PlanReport): z.infer<typeof workflowSchema> =>
  wireRow(workflowSchema, row, { topic: topicOf(row), validation });

export const workflowVersionView = (row: WorkflowVersionRow): z.infer<typeof workflowVersionSchema> =>
  wireRow(workflowVersionSchema, row);

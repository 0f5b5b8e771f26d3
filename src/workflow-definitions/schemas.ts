import { z } from "@hono/zod-openapi";
import { jsonBytes, limits } from "#src/engine/limits.ts";
import { planSchema } from "#src/engine/plans/plan.ts";
import { planReportSchema } from "#src/engine/plans/validate-plan.ts";
import { workflowNameSchema } from "#src/engine/plans/workflow-name.ts";
import { pageFields } from "#src/http/page.ts";
import { versionRead } from "#src/http/version-read.ts";
import { isShallow, tooDeep } from "#src/kernel/json-object.ts";
import { ownerSchema } from "#src/tenants/index.ts";

const description = z.string().max(2000);
const plan = planSchema
  .refine(isShallow, tooDeep)
  .refine((value) => jsonBytes(value) <= limits.planBytes, `At most ${limits.planBytes / 1024} KiB`);
const time = z.iso.datetime();

export const workflowParams = z.object({
  workflow: z.string().min(1).max(64).openapi({ description: "Id or name", example: "fact-check" }),
});

export const createWorkflowSchema = z
  .strictObject({ name: workflowNameSchema, description: description.default(""), plan })
  .openapi("CreateWorkflow", {
    example: {
      name: "fact-check",
      plan: {
        start_step: "search",
        steps: {
          search: { action: "web_search", input: { query: "{{input.claim}}" }, next_step: "done" },
          done: { action: "complete_workflow", input: { sources: "{{steps.search.output.results}}" } },
        },
      },
    },
  });

export const validateWorkflowSchema = z
  .strictObject({
    name: workflowNameSchema
      .optional()
      .openapi({ description: "What it is, or is to be, called", example: "fact-check" }),
    plan,
  })
  .openapi("ValidateWorkflow", {
    example: { plan: { start_step: "done", steps: { done: { action: "complete_workflow" } } } },
  });

export const updateWorkflowSchema = z
  .strictObject({
    description: description.optional(),
    plan: plan.optional(),
    is_active: z.boolean().optional(),
    version: versionRead.optional(),
  })
  .refine(({ version: _, ...change }) => Object.values(change).some((value) => value !== undefined), {
    message: "Nothing to change",
  })
  .openapi("UpdateWorkflow", { example: { description: "Checks one claim" } });

export const workflowSummarySchema = z
  .object({
    id: z.uuid(),
    client_id: ownerSchema,
    name: z.string(),
    description: z.string(),
    topic: z.string().openapi({ description: "What steps and sub-tasks name to start it as a child run" }),
    version: z.number().int(),
    is_active: z.boolean(),
    created_at: time,
    updated_at: time,
  })
  .openapi("WorkflowSummary");

export const workflowSchema = workflowSummarySchema
  .extend({
    plan: planSchema,
    validation: planReportSchema.openapi({
      description: "What its plan says today, with the agents and workflows there are now",
    }),
  })
  .openapi("Workflow");

export const workflowListSchema = z
  .object({ workflows: z.array(workflowSummarySchema), ...pageFields })
  .openapi("WorkflowList");

export const workflowVersionSchema = workflowSchema
  .pick({ version: true, description: true, plan: true, created_at: true })
  .openapi("WorkflowVersion");

export const workflowVersionListSchema = z
  .object({ versions: z.array(workflowVersionSchema), ...pageFields })
  .openapi("WorkflowVersionList");

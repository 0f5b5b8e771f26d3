import { z } from "@hono/zod-openapi";
import { answeredStepSchema, feedbackSchema } from "#src/engine/feedback.ts";
import { type RunStatus, runStatuses, runViewSchema } from "#src/engine/run-view.ts";
import { cursorQuery } from "#src/http/cursor.ts";
import { periodEnd, periodStart } from "#src/http/moments.ts";
import { nextCursorSchema } from "#src/http/page.ts";
import { clientIdSchema } from "#src/identity/index.ts";
import { runSummarySchema } from "../history/schemas.ts";

/** The older system's names of statuses (docs/workflows.md#runs-for-administrators), taken as well as ours. */
const olderNames = {
  RUNNING: "running",
  AWAITING_RESPONSES: "running",
  PAUSED_FOR_HUMAN_INPUT: "paused",
  COMPLETED: "completed",
  FAILED: "failed",
  CANCELLED: "cancelled",
} as const satisfies Record<string, RunStatus>;
const olderNameSchema = z.enum([
  "RUNNING",
  "AWAITING_RESPONSES",
  "PAUSED_FOR_HUMAN_INPUT",
  "COMPLETED",
  "FAILED",
  "CANCELLED",
]);

/** Beyond this a list is narrowed by date instead: what an offset skips is read all the same. */
const maxOffset = 10_000;

export const listRunsQuery = z.strictObject({
  status: z
    .union([z.enum(runStatuses), olderNameSchema.transform((name) => olderNames[name])])
    .optional()
    .openapi({
      description: "Answers have the names in lower case; `RUNNING` and the like are taken as well",
    }),
  client_id: clientIdSchema.optional(),
  start_date: periodStart.optional(),
  end_date: periodEnd.optional(),
  ...cursorQuery().shape,
  offset: z.coerce
    .number()
    .int()
    .min(0)
    .max(maxOffset)
    .default(0)
    .openapi({ description: `At most ${maxOffset}; further back by \`end_date\`` }),
});

const whose = {
  client_id: z.string(),
  user_id: z.string().nullable(),
  project_id: z.string().nullable(),
  template_id: z.string().nullable(),
};

/** A run in a list of administrators: with whose it is. */
export const administeredRunSchema = runSummarySchema
  .omit({ waiting: true })
  .extend(whose)
  .openapi("AdministeredRun");

export const administeredRunListSchema = z
  .object({
    runs: z.array(administeredRunSchema),
    count: z.number().int(),
    limit: z.number().int(),
    offset: z.number().int(),
    has_more: z.boolean(),
    next_cursor: nextCursorSchema,
  })
  .openapi("AdministeredRunList");

export const administeredRunDetailSchema = runViewSchema.extend(whose).openapi("AdministeredRunDetail");

export const decideRunSchema = z
  .strictObject({
    action: z.enum(["resume", "terminate"]),
    step: answeredStepSchema,
    feedback: feedbackSchema.optional(),
  })
  .openapi("DecideRun", { example: { action: "resume", feedback: "Looks good" } });
export type DecideRun = z.infer<typeof decideRunSchema>;

export const decidedRunSchema = z
  .object({ message: z.string(), correlation_id: z.string(), status: z.enum(runStatuses) })
  .openapi("DecidedRun");

export const workflowRunListSchema = z
  .object({
    runs: z.array(
      administeredRunSchema.extend({ workflow_version: z.number().int() }).openapi("WorkflowRun"),
    ),
    count: z.number().int(),
    next_cursor: nextCursorSchema,
  })
  .openapi("WorkflowRunList");

import { z } from "zod";
import { boundedData } from "#src/engine/event-data.ts";
import { errorCatalogue } from "#src/kernel/error-catalogue.ts";
import type { Refusal } from "#src/kernel/outcome.ts";
import type { FollowedRun } from "./followed-run.ts";

/** How a workflow stands that a client has started. */
export const workflowStatusSchema = z.object({
  status: z.enum(["in_progress", "completed", "failed"]),
  step: z.string().nullable().describe("The one that was heard of last"),
  progress: z
    .number()
    .min(0)
    .max(1)
    .describe("Steps that are over, as a share of them and of those that can still run; never falls"),
  result: z.unknown().describe("What has come of it, at the end; null before"),
  run: z.string().nullable().describe("Its id everywhere else; null where nothing has begun"),
  omitted: z.array(z.string()).optional().describe("What is too large for a frame: the run itself has it"),
});

export const workflowErrorSchema = z.object({
  code: z.string(),
  message: z.string(),
  details: z.unknown().optional(),
});

/** What a client is told of a workflow that it has started. */
export const workflowFrameSchema = z.object({
  type: z.literal("workflow_status"),
  correlation_id: z.string().describe("The client's word for it, its `id`"),
  data: workflowStatusSchema,
  error: workflowErrorSchema.optional().describe("Why it has failed, or did not begin"),
  timestamp: z.iso.datetime(),
});

type WorkflowFrame = z.infer<typeof workflowFrameSchema>;

const frameOf = (id: string, now: number, { data, error }: Pick<WorkflowFrame, "data" | "error">): string =>
  JSON.stringify({
    type: "workflow_status",
    correlation_id: id,
    data,
    error,
    timestamp: new Date(now).toISOString(),
  } satisfies WorkflowFrame);

/** How a run stands, to the client whose word for it is `id`. */
export const workflowFrame = (
  id: string,
  run: string,
  { told: { error, ...told } }: Pick<FollowedRun, "told">,
  now: number,
): string =>
  frameOf(id, now, {
    data: workflowStatusSchema.parse({ result: null, ...boundedData({ ...told, run }) }),
    error,
  });

/** That nothing has begun, and why. */
export const notStartedFrame = (
  id: string,
  { code, message = errorCatalogue[code].message, details }: Refusal,
  now: number,
): string =>
  frameOf(id, now, {
    data: { status: "failed", step: null, progress: 0, result: null, run: null },
    error: { code, message, details },
  });

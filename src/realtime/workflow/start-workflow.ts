import { z } from "zod";
import { refusedFields, validationError } from "#src/http/error-response.ts";
import { inexactNumbers } from "#src/http/exact-numbers.ts";
import { jsonObject } from "#src/kernel/json-object.ts";
import { type Outcome, success } from "#src/kernel/outcome.ts";
import { halfCharacterIn } from "#src/text/well-formed.ts";
import type { Caller } from "../connection.ts";
import { refusalOf, type SocketCall } from "../socket-calls.ts";

/** The client's word for a workflow: printable ASCII, so that as many as there may be find room in an attachment. */
export const workflowIdSchema = z
  .string()
  .regex(/^[\x21-\x7e]{1,128}$/, "1 to 128 printable characters without spaces");

/** A client starts a workflow (docs/realtime.md#workflows): the operation that REST executes personas by. */
export const startWorkflowSchema = z.object({
  type: z.literal("start_workflow"),
  id: workflowIdSchema.describe("Your word for it: repeated, it is the same run"),
  data: z.strictObject({
    workflow_type: z.string().max(64).optional().describe("Given to the plan as `input.action`"),
    agent_instance_id: z.uuid().describe("The persona that is executed"),
    project_id: z.uuid().nullish().describe("The project that it has to be in"),
    parameters: jsonObject.default({}).describe("The plan's `input`"),
  }),
});

export type StartWorkflow = z.infer<typeof startWorkflowSchema>;

const kindSchema = z.object({ type: z.literal("start_workflow") });
const addressSchema = z.object({ id: workflowIdSchema });

/** Whether a frame is meant to start a workflow. */
export const startsWorkflow = (body: unknown): boolean => kindSchema.safeParse(body).success;

/** The client's word for what it wants to start, if it can be told. */
export const workflowIdOf = (body: unknown): string | undefined => addressSchema.safeParse(body).data?.id;

/**
 * Reads a frame that starts a workflow, and refuses what REST would refuse as its body.
 * @param text the frame as it came, in which numbers are what they were
 */
export function readStart(body: unknown, text: string): Outcome<StartWorkflow> {
  const parsed = startWorkflowSchema.safeParse(body);
  if (!parsed.success) return refusalOf(validationError(parsed.error.issues));
  const half = halfCharacterIn(body);
  if (half)
    return refusalOf(
      refusedFields([{ path: half.join("."), message: "Half a character (a lone surrogate)" }]),
    );
  const inexact = inexactNumbers(text);
  if (inexact.length === 0) return success(parsed.data);
  return refusalOf(refusedFields(inexact.map((path) => ({ path, message: "Beyond 2^53: send it as text" }))));
}

/** What the gateway is asked to do. */
export const callToStart = (caller: Caller, { id, data }: StartWorkflow): SocketCall => ({
  operation: "executeInstance",
  caller,
  input: {
    params: { instance_id: data.agent_instance_id },
    body: {
      action: data.workflow_type,
      project_id: data.project_id ?? undefined,
      input: data.parameters,
    },
  },
  idempotencyKey: id,
});

/** As much of its answer as is of interest. */
export const startedSchema = z.object({ correlation_id: z.string() });

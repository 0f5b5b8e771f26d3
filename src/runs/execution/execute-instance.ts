import { z } from "@hono/zod-openapi";
import { finalStatuses } from "#src/engine/run-state.ts";
import { runViewSchema } from "#src/engine/run-view.ts";
import { valueOrThrow } from "#src/kernel/outcome.ts";
import { operation } from "#src/operation/operation.ts";
import { whileInForce } from "#src/operation/while-in-force.ts";
import { instanceParams } from "#src/personas/index.ts";
import { addressOfRun } from "../paths.ts";
import { acceptedRunSchema, executeSchema } from "./schemas.ts";
import { startExecution } from "./start-execution.ts";

/** `wait` holds the answer back for at most this long. */
const maxWaitSeconds = 25;

export const executeInstance = operation({
  name: "executeInstance",
  summary: "Execute a persona instance",
  description:
    "Answers 202 at once, or with `wait` 200 when the run has ended or pauses within that many seconds; " +
    "202 as well when the caller's session ends first. " +
    "The same `Idempotency-Key` with the same body is the same run (`Idempotent-Replayed: true`) for 24 hours; " +
    "with another body it is refused. `action` is given to the plan as `input.action`.",
  input: z.object({
    params: instanceParams,
    query: z.strictObject({ wait: z.coerce.number().int().min(0).max(maxWaitSeconds).optional() }),
    body: executeSchema,
  }),
  output: z.union([acceptedRunSchema, runViewSchema]),
  refusals: [
    "NOT_FOUND",
    "WORKFLOW_INVALID",
    "QUOTA_EXCEEDED",
    "PERSONA_DISABLED",
    "CONFLICT",
    "PAYLOAD_TOO_LARGE",
  ],
  runOnce: async (platform, actor, { params, query, body }, call) => {
    const { clientId, userId } = actor;
    const workflows = await platform.objects.workflowsOfInstance(clientId, params.instance_id);
    const execution = { instanceId: params.instance_id, body, idempotencyKey: call.idempotencyKey };
    const { correlationId, status, created } = await startExecution(platform, workflows, actor, execution);
    const replayed = !created;
    if (query.wait) {
      const waited = workflows.waitForRun(correlationId, { userId }, query.wait * 1000);
      // The run was accepted while the session was in force, and goes on; what becomes of it is told to nobody who has left.
      const outcome = await whileInForce(call, waited);
      const run = outcome && valueOrThrow(outcome);
      if (run && (run.status === "paused" || finalStatuses.includes(run.status)))
        return { output: run, replayed };
    }
    const events_url = `${addressOfRun(correlationId)}/events`;
    return { output: { correlation_id: correlationId, status, events_url }, replayed };
  },
});

import { z } from "@hono/zod-openapi";
import { auditAction } from "#src/audit/index.ts";
import { finalStatuses } from "#src/engine/run-state.ts";
import { gateMeant } from "#src/engine/waiting.ts";
import { AppError } from "#src/kernel/app-error.ts";
import { valueOrThrow } from "#src/kernel/outcome.ts";
import { requestKey } from "#src/kernel/request-key.ts";
import type { DecidedRun } from "#src/objects/runs-api.ts";
import { operation, type Performed } from "#src/operation/operation.ts";
import { runParams } from "../paths.ts";
import { requireFor, rightsOf } from "../rights-of-answer.ts";
import { findRun } from "./find-run.ts";
import { type DecideRun, decidedRunSchema, decideRunSchema } from "./schemas.ts";

/**
 * Answers the pause of a run with yes, or fails a run that is not over yet with `Manually terminated by admin`
 * (docs/workflows.md#runs-for-administrators). The audit row is written first: nothing is done without one.
 */
export const decideRun = operation({
  name: "decideRun",
  summary: "Answer a run that waits for a person with yes, or terminate one that is not over",
  description:
    "A yes is for the step it names; without `step`, for the only one of `waiting`. " +
    "The same `Idempotency-Key` with the same body is the same decision (`Idempotent-Replayed: true`) for 24 hours.",
  input: z.object({ params: runParams, body: decideRunSchema }),
  output: decidedRunSchema,
  refusals: ["NOT_FOUND", "CONFLICT", "APPROVAL_AMBIGUOUS"],
  runOnce: async (platform, actor, { params: { correlation_id }, body }, { idempotencyKey }) => {
    const { action, feedback, step } = body;
    const { userId } = actor;
    const { run, tenant } = await findRun(platform, actor, correlation_id);
    const idempotency = requestKey([userId, correlation_id, "decision"], idempotencyKey, body);
    const earlier = idempotency && valueOrThrow(await tenant.earlierDecision(idempotency));
    if (earlier) return outcomeOf(body, correlation_id, earlier);
    if (finalStatuses.includes(run.status))
      throw new AppError("CONFLICT", { message: "The run has already ended" });
    const gate = action === "resume" ? valueOrThrow(gateMeant(run, step)) : undefined;
    if (gate) requireFor(actor, gate.needs);
    await auditAction(platform, actor, {
      action: action === "resume" ? "run.resumed" : "run.terminated",
      target: { type: "run", id: correlation_id },
      clientId: run.client_id,
      details: {
        ...(gate && { step: gate.step }),
        ...(feedback === undefined ? {} : { feedback }),
      },
    });
    const answer = { approved: true, feedback, step, userId, rights: rightsOf(actor), idempotency };
    const outcome =
      action === "resume"
        ? await tenant.resumeRun(correlation_id, "tenant", answer)
        : await tenant.terminateRun(correlation_id, feedback, idempotency, userId);
    return outcomeOf(body, correlation_id, valueOrThrow(outcome));
  },
});

function outcomeOf(
  { action }: DecideRun,
  correlation_id: string,
  { status, replayed }: DecidedRun,
): Performed<z.infer<typeof decidedRunSchema>> {
  const done = action === "resume" ? "resumed" : "terminated";
  return { output: { message: `Workflow ${done} successfully`, correlation_id, status }, replayed };
}

import { z } from "@hono/zod-openapi";
import { auditAction } from "#src/audit/index.ts";
import { runStatuses } from "#src/engine/run-view.ts";
import { gateMeant } from "#src/engine/waiting.ts";
import type { Account } from "#src/kernel/actor.ts";
import { valueOrThrow } from "#src/kernel/outcome.ts";
import { requestKey } from "#src/kernel/request-key.ts";
import type { DecidedRun } from "#src/objects/runs-api.ts";
import { operation } from "#src/operation/operation.ts";
import type { Platform } from "#src/platform.ts";
import { type Resume, resumeSchema } from "./execution/schemas.ts";
import { runParams } from "./paths.ts";
import { requireFor, rightsOf } from "./rights-of-answer.ts";

export const resumeRun = operation({
  name: "resumeRun",
  summary: "Answer a run that waits for a person",
  description:
    "The answer is for the step it names; without `step`, for the only one of `waiting`. " +
    "The same `Idempotency-Key` with the same body is the same answer (`Idempotent-Replayed: true`) for 24 hours.",
  input: z.object({ params: runParams, body: resumeSchema }),
  output: z.object({ correlation_id: z.string(), status: z.enum(runStatuses) }).openapi("ResumedRun"),
  refusals: ["NOT_FOUND", "CONFLICT", "APPROVAL_AMBIGUOUS", "INSUFFICIENT_PERMISSIONS"],
  runOnce: async (platform, actor, { params: { correlation_id }, body }, { idempotencyKey }) => {
    const { status, replayed } = await answerRun(platform, actor, correlation_id, body, idempotencyKey);
    return { output: { correlation_id, status }, replayed };
  },
});

/** Answers one's own run or, for administrators, with an audit row, one of their tenant. */
async function answerRun(
  platform: Platform,
  actor: Account,
  correlationId: string,
  given: Resume,
  idempotencyKey: string | undefined,
): Promise<DecidedRun> {
  const tenant = await platform.objects.workflowsOfRun(actor.clientId, correlationId);
  const { userId } = actor;
  const idempotency = requestKey([userId, correlationId, "answer"], idempotencyKey, given);
  const answer = { ...given, userId, rights: rightsOf(actor), idempotency };
  const own = await tenant.resumeRun(correlationId, { userId }, answer);
  if (own.ok || own.code !== "NOT_FOUND" || actor.scope === "own") return valueOrThrow(own);
  const earlier = idempotency && valueOrThrow(await tenant.earlierDecision(idempotency));
  if (earlier) return earlier;
  const run = valueOrThrow(await tenant.getRun(correlationId, "tenant"));
  const { step, needs } = valueOrThrow(gateMeant(run, given.step));
  if (given.approved) requireFor(actor, needs);
  // First: nothing is done without one.
  await auditAction(platform, actor, {
    action: "run.answered",
    target: { type: "run", id: correlationId },
    details: { ...given, step },
  });
  return valueOrThrow(await tenant.resumeRun(correlationId, "tenant", answer));
}

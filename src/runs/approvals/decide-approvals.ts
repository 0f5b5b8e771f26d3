import { z } from "@hono/zod-openapi";
import { answeredStepSchema, feedbackSchema } from "#src/engine/feedback.ts";
import { AppError } from "#src/kernel/app-error.ts";
import { mapConcurrent } from "#src/kernel/map-concurrent.ts";
import { valueOrThrow } from "#src/kernel/outcome.ts";
import { requestKey } from "#src/kernel/request-key.ts";
import { operation } from "#src/operation/operation.ts";
import { rightsOf } from "../rights-of-answer.ts";

/** Decisions of one call: each costs calls to its object, and a Worker makes a thousand for one request. */
const maxDecisions = 100;
/** So many at a time, to leave connections for others. */
const atOnce = 5;

const decisionSchema = z
  .strictObject({
    run_id: z
      .uuid()
      .openapi({ description: "The run that is answered, as the list of what is asked names it" }),
    step: answeredStepSchema.unwrap().openapi({ description: "Which of its gates is answered" }),
    approved: z.boolean().openapi({ description: "What is decided" }),
    feedback: feedbackSchema.optional(),
  })
  .openapi("Decision");

const bodySchema = z
  .strictObject({
    decisions: z
      .array(decisionSchema)
      .min(1)
      .max(maxDecisions)
      .openapi({ description: "Each is taken by itself: what one refuses keeps the others from nothing" }),
  })
  .openapi("DecideApprovals", {
    example: {
      decisions: [{ run_id: "0199c1b2-5a7e-7c3a-9d55-0f6d3f0a1b2c", step: "approve", approved: true }],
    },
  });

const outcomesSchema = z
  .object({
    outcomes: z
      .array(
        z.object({
          run_id: z.uuid(),
          step: z.string(),
          is_done: z.boolean().openapi({ description: "Whether it was decided by this call" }),
          refusal: z.union([z.object({ code: z.string(), message: z.string() }), z.null()]).openapi({
            description: "Why not, as the answer to that run alone would say; null where it was decided",
          }),
        }),
      )
      .openapi({ description: "What came of each, in the order in which they were named" }),
    done: z.number().int().openapi({ description: "How many were decided" }),
  })
  .openapi("DecisionOutcomes");

export const decideApprovals = operation({
  name: "decideApprovals",
  summary: "Answer several questions of one's own runs at once",
  description:
    "As `POST /personas/runs/{run_id}/resume` for each. The answer tells what came of each; what one refuses keeps the " +
    "others from nothing. With an `Idempotency-Key` each is decided once.",
  input: z.object({ body: bodySchema }),
  output: outcomesSchema,
  runOnce: async ({ objects }, actor, { body: { decisions } }, { idempotencyKey }) => {
    const { clientId, userId } = actor;
    const rights = rightsOf(actor);
    let fresh = 0;
    const outcomes = await mapConcurrent(decisions, atOnce, async ({ run_id, ...given }) => {
      const about = { run_id, step: given.step };
      try {
        const idempotency = requestKey([userId, run_id, "answer", given.step], idempotencyKey, given);
        const tenant = await objects.workflowsOfRun(clientId, run_id);
        const answer = { ...given, userId, rights, idempotency };
        const { replayed } = valueOrThrow(await tenant.resumeRun(run_id, { userId }, answer));
        if (!replayed) fresh += 1;
        return { ...about, is_done: true, refusal: null };
      } catch (error) {
        if (!(error instanceof AppError)) throw error;
        return { ...about, is_done: false, refusal: { code: error.code, message: error.message } };
      }
    });
    const done = outcomes.filter(({ is_done }) => is_done).length;
    return { output: { outcomes, done }, replayed: fresh === 0 && done > 0 };
  },
});

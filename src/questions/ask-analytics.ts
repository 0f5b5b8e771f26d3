import { z } from "@hono/zod-openapi";
import { seesContacts } from "#src/commerce/index.ts";
import type { Account } from "#src/kernel/actor.ts";
import { AppError } from "#src/kernel/app-error.ts";
import { planProblems } from "#src/kernel/questions/check-plan.ts";
import type { Plan } from "#src/kernel/questions/plan.ts";
import { operation } from "#src/operation/operation.ts";
import type { Platform } from "#src/platform.ts";
import { acceptedRunSchema } from "#src/runs/index.ts";
import { answerPlan } from "./answer-plan.ts";
import { askInWords } from "./ask-in-words.ts";
import { keptAnswer } from "./cached-answers.ts";
import {
  type AnalyticsAnswer,
  analyticsAnswerSchema,
  analyticsPlanSchema,
  questionSchema,
} from "./schemas.ts";

/**
 * The answer to a plan, without a model and without fuel.
 * @throws AppError `VALIDATION_ERROR` with everything in it that does not go together; `INSUFFICIENT_PERMISSIONS`
 */
async function answerOfPlan(platform: Platform, actor: Account, plan: Plan): Promise<AnalyticsAnswer> {
  const fields = planProblems(plan).map(({ path, message }) => ({
    path: ["plan", ...path].map(String).join("."),
    message,
  }));
  if (fields.length > 0) throw new AppError("VALIDATION_ERROR", { details: { fields } });
  const contacts = seesContacts(actor);
  const answer = await keptAnswer(platform, actor, { plan, contacts }, () =>
    answerPlan(platform, actor, plan, contacts),
  );
  return { question: null, ...answer, cost: { fuel: 0, tokens: 0 }, run_id: null };
}

const askedSchema = z
  .strictObject({ query: questionSchema.optional(), plan: analyticsPlanSchema.optional() })
  .refine(({ query, plan }) => (query === undefined) !== (plan === undefined), "Either `query` or `plan`")
  .openapi("AskAnalytics", { example: { query: "Revenue by product last month, top 3" } });

export const askAnalytics = operation({
  name: "askAnalytics",
  summary: "Ask for figures, in words or by a plan",
  description:
    "A plan says what is measured, by what, of when; it is checked, carried out and explained by code, of the caller's tenant alone. " +
    "Of words a model makes one plan, in a run like any other; 202 with the run where that takes longer than 25 seconds.",
  input: z.object({ body: askedSchema }),
  output: z.union([analyticsAnswerSchema, acceptedRunSchema]),
  refusals: [
    "QUESTION_NOT_UNDERSTOOD",
    "QUOTA_EXCEEDED",
    "CONFLICT",
    "INSUFFICIENT_FUEL",
    "AI_SERVICE_ERROR",
  ],
  runOnce: async (platform, actor, { body: { query, plan } }, call) => {
    if (plan) return { output: await answerOfPlan(platform, actor, plan), replayed: false };
    return askInWords(platform, actor, query ?? "", call);
  },
});

import { z } from "@hono/zod-openapi";
import type { Account } from "#src/kernel/actor.ts";
import { AppError } from "#src/kernel/app-error.ts";
import { planProblems } from "#src/kernel/questions/check-plan.ts";
import type { Plan } from "#src/kernel/questions/plan.ts";
import { operation } from "#src/operation/operation.ts";
import type { Platform } from "#src/platform.ts";
import { answerPlan } from "./answer-plan.ts";
import { keptAnswer } from "./cached-answers.ts";
import { type AnalyticsAnswer, analyticsAnswerSchema, analyticsPlanSchema } from "./schemas.ts";

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
  const answer = await keptAnswer(platform, actor, plan, () => answerPlan(platform, actor, plan));
  return { question: null, ...answer, cost: { fuel: 0, tokens: 0 }, run_id: null };
}

export const askAnalytics = operation({
  name: "askAnalytics",
  summary: "Ask for figures by a plan",
  description:
    "A plan says what is measured, by what, of when; it is checked, carried out and explained by code, of the caller's tenant alone.",
  input: z.object({
    body: z.strictObject({ plan: analyticsPlanSchema }).openapi("AskAnalytics"),
  }),
  output: analyticsAnswerSchema,
  runOnce: async (platform, actor, { body: { plan } }) => ({
    output: await answerOfPlan(platform, actor, plan),
    replayed: false,
  }),
});

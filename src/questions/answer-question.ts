import { z } from "zod";
import { type Account, hasPermission } from "#src/kernel/actor.ts";
import { AppError } from "#src/kernel/app-error.ts";
import { readPlan } from "#src/kernel/questions/check-plan.ts";
import { policies } from "#src/operation/policy.ts";
import { admit } from "#src/operation/rights.ts";
import type { Platform } from "#src/platform.ts";
import { answerPlan, type PlanAnswer } from "./answer-plan.ts";

/** What the analyst's run hands over. */
const handedOver = z.object({ question: z.string(), plan: z.unknown() });

/**
 * Answers a question whose plan the analyst has made, by the rights that who has asked has now, and tells of it, once for
 * its run. No model is told what comes of it, so that what is personal is told to who may see it.
 * @throws AppError `INSUFFICIENT_PERMISSIONS`
 */
export async function answerQuestion(
  platform: Platform,
  actor: Account,
  runId: string,
  given: unknown,
): Promise<{ question: string } & PlanAnswer> {
  admit(actor, policies.askAnalytics);
  const { question, plan } = handedOver.parse(given);
  const read = readPlan(plan);
  if (!read.ok) throw new AppError("VALIDATION_ERROR", { details: { fields: read.problems } });
  const contacts = hasPermission(actor, "customers.contact");
  const answer = await answerPlan(platform, actor, read.plan, contacts);
  const { clientId, userId } = actor;
  const told = { dataset: read.plan.dataset, rows: answer.rows.length, truncated: answer.truncated };
  const event = {
    event: "analytics.answered",
    id: `${runId}:answered`,
    data: { correlation_id: runId, ...told },
    clientId,
    entityId: runId,
    ownerUserId: userId,
  } as const;
  await platform.tell(event, platform.clock.now()).onConflictDoNothing();
  platform.deliver(clientId);
  return { question, ...answer };
}

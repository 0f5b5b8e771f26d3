import { dayIn, shopSettings } from "#src/commerce/index.ts";
import { finalStatuses } from "#src/engine/run-state.ts";
import type { RunView } from "#src/engine/run-view.ts";
import type { Account } from "#src/kernel/actor.ts";
import { AppError } from "#src/kernel/app-error.ts";
import { type ErrorCode, errorCatalogue } from "#src/kernel/error-catalogue.ts";
import { valueOrThrow } from "#src/kernel/outcome.ts";
import type { Call, Performed } from "#src/operation/operation.ts";
import { whileInForce } from "#src/operation/while-in-force.ts";
import type { Platform } from "#src/platform.ts";
import { type AcceptedRun, addressOfRun, startOwnRun } from "#src/runs/index.ts";
import { analystRun, answeringStep } from "./analyst-run.ts";
import { type AnalyticsAnswer, analyticsAnswerSchema } from "./schemas.ts";

/** How long the answer is held back for the run to end. */
const patienceMs = 25_000;

const isErrorCode = (code: string): code is ErrorCode => Object.hasOwn(errorCatalogue, code);

/** Why a run has come to no answer, as whoever has asked is refused. */
function refusalOf({ status, error }: RunView): AppError {
  if (status === "cancelled") return new AppError("CONFLICT", { message: "The question was stopped" });
  const { code = "AI_SERVICE_ERROR", message, details } = error ?? {};
  return new AppError(isErrorCode(code) ? code : "AI_SERVICE_ERROR", { message, details });
}

/** What a run has answered, with what that took. */
function answerOf(run: RunView): AnalyticsAnswer {
  const { correlation_id: run_id, steps, fuel } = run;
  const output = Object(steps.find(({ name }) => name === answeringStep)?.output);
  const tokens = steps.reduce((sum, step) => sum + step.tokens.input + step.tokens.output, 0);
  return analyticsAnswerSchema.parse({ ...output.result, run_id, cost: { fuel: fuel.spent, tokens } });
}

/**
 * Has a question in words answered by a run, as the caller's.
 * @throws AppError `QUESTION_NOT_UNDERSTOOD`; whatever else its run has failed with
 */
export async function askInWords(
  platform: Platform,
  actor: Account,
  question: string,
  call: Call,
): Promise<Performed<AnalyticsAnswer | AcceptedRun>> {
  const { clientId, userId } = actor;
  const { timeZone } = await shopSettings(platform, clientId);
  const { correlationId, status, created } = await startOwnRun(platform, actor, {
    plan: analystRun,
    input: { question, today: dayIn(timeZone, platform.clock.now()) },
    purpose: "askAnalytics",
    body: { question },
    idempotencyKey: call.idempotencyKey,
  });
  const workflows = await platform.objects.workflowsOfRun(clientId, correlationId);
  const waited = workflows.waitForRun(correlationId, { userId }, patienceMs);
  const outcome = await whileInForce(call, waited);
  const run = outcome && valueOrThrow(outcome);
  const replayed = !created;
  if (run?.status === "completed") return { output: answerOf(run), replayed };
  if (run && finalStatuses.includes(run.status)) throw refusalOf(run);
  const events_url = `${addressOfRun(correlationId)}/events`;
  return { output: { correlation_id: correlationId, status, events_url }, replayed };
}

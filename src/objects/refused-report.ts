import { z } from "zod";
import { type TaskFailure, taskFailureSchema, taskUsageSchema } from "#src/engine/task-report.ts";

const parts = z.object({ usage: taskUsageSchema.optional().catch(undefined) });
const report = z.union([z.object({ result: parts }).transform(({ result }) => result), parts]);

const maxProblems = 20;

/**
 * What becomes of a report that its schema refuses: the task has failed, for good. Delivered
 * again it would only be paid for again, and reported in the same way.
 * @param given the report; what can be read of its usage still counts
 */
export function refusedReport(refusal: z.ZodError | undefined, given: unknown): TaskFailure {
  const problems = (refusal?.issues ?? [])
    .filter((_, index) => index < maxProblems)
    .map(({ path, message }) => `${path.join(".")}: ${message}`);
  return {
    error: {
      code: "REPORT_INVALID",
      message: "The task's report could not be taken",
      details: { problems },
      retryable: false,
    },
    usage: report.safeParse(given).data?.usage,
  };
}

/** A failure as the tenant object can take it, whatever is wrong with the one given: a task must end. */
export function readFailure(given: TaskFailure): TaskFailure {
  const { data, error } = taskFailureSchema.safeParse(given);
  return data ?? refusedReport(error, given);
}

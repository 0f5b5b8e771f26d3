import type { runs, usage } from "#src/db/schema/index.ts";
import { type AttemptUsage, kindOfAttempts, plusUsage } from "#src/engine/attempt-usage.ts";
import type { FirstQuestion, ListedRun } from "#src/objects/history-api.ts";
import type { RunCopy, UsageRecord } from "#src/objects/platform-message.ts";

/** What lists say of a run; of one that waits, its object says for what. */
export type RunRow = Omit<typeof runs.$inferSelect, "openTasks" | "historyRevision"> & {
  waiting?: FirstQuestion | undefined;
};

/** A run as its object tells it, and D1 has it. */
export const runRowOf = (copy: ListedRun): RunRow => ({
  correlationId: copy.correlation_id,
  revision: copy.revision,
  clientId: copy.client_id,
  userId: copy.user_id,
  instanceId: copy.instance_id,
  projectId: copy.project_id,
  templateId: copy.template_id,
  status: copy.status,
  currentStep: copy.current_step,
  fuelBudget: copy.fuel_budget,
  fuelSpent: copy.fuel_spent,
  tokensIn: copy.tokens_in,
  tokensOut: copy.tokens_out,
  costMicros: copy.cost_micros,
  errorCode: copy.error?.code ?? null,
  errorMessage: copy.error?.message ?? null,
  createdAt: copy.created_at,
  updatedAt: copy.updated_at,
  completedAt: copy.completed_at,
  waiting: copy.waiting,
});

/** The copy that a row was made from. */
export const runCopyOf = (row: RunRow): RunCopy => ({
  type: "run.copy",
  id: `${row.correlationId}:${row.revision}`,
  correlation_id: row.correlationId,
  revision: row.revision,
  client_id: row.clientId,
  user_id: row.userId,
  instance_id: row.instanceId,
  project_id: row.projectId,
  template_id: row.templateId,
  status: row.status,
  current_step: row.currentStep,
  fuel_budget: row.fuelBudget,
  fuel_spent: row.fuelSpent,
  tokens_in: row.tokensIn,
  tokens_out: row.tokensOut,
  cost_micros: row.costMicros,
  error: row.errorCode === null ? null : { code: row.errorCode, message: row.errorMessage ?? "" },
  created_at: row.createdAt,
  updated_at: row.updatedAt,
  completed_at: row.completedAt,
});

/** A finished attempt of a task, from the row that releases before wrote of it in D1. */
export const usageRecordOf = (row: typeof usage.$inferSelect): UsageRecord => ({
  type: "usage",
  id: row.id,
  client_id: row.clientId,
  user_id: row.userId,
  instance_id: row.instanceId,
  correlation_id: row.correlationId,
  step_name: row.stepName,
  agent_type: row.agentType,
  action: row.action,
  model: row.model,
  fuel: row.fuel,
  tokens_in: row.tokensIn,
  tokens_out: row.tokensOut,
  cost_micros: row.costMicros,
  duration_ms: row.durationMs,
  success: row.success,
  error_code: row.errorCode,
  created_at: row.createdAt,
});

/** What attempts have used together, as a run tells it. */
export const usedBy = (attempts: readonly (typeof usage.$inferSelect)[]): AttemptUsage =>
  attempts
    .map((attempt) => ({
      [kindOfAttempts({ step: attempt.stepName, agentType: attempt.agentType, model: attempt.model })]: {
        count: 1,
        completed: Number(attempt.success),
        failed: Number(!attempt.success),
        fuel: attempt.fuel,
        tokens_in: attempt.tokensIn,
        tokens_out: attempt.tokensOut,
        cost_micros: attempt.costMicros,
        duration_ms: attempt.durationMs,
      },
    }))
    .reduce(plusUsage, {});

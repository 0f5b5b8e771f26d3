import type { runs } from "#src/db/schema/index.ts";
import type { RunCopy } from "#src/objects/platform-message.ts";

export type RunRow = typeof runs.$inferSelect;

/** A copy of a run as the read model has it. */
export const runRowOf = (copy: RunCopy): RunRow => ({
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
  openTasks: copy.open_tasks ?? null,
});

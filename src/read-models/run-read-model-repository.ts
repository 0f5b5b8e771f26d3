import { sql } from "drizzle-orm";
import type { Database } from "../db/client.ts";
import { runs, usage, workflowUses } from "../db/schema/index.ts";
import type { RunCopy, UsageRecord, WorkflowUse } from "../messaging/platform-message.ts";

/** Writes a run's copy unless the read model already has that revision or a newer one. */
export const putRunCopy = (db: Database, copy: RunCopy) => {
  const changing = {
    revision: copy.revision,
    status: copy.status,
    currentStep: copy.current_step,
    fuelSpent: copy.fuel_spent,
    tokensIn: copy.tokens_in,
    tokensOut: copy.tokens_out,
    costMicros: copy.cost_micros,
    errorCode: copy.error?.code ?? null,
    errorMessage: copy.error?.message ?? null,
    updatedAt: copy.updated_at,
    completedAt: copy.completed_at,
    openTasks: copy.open_tasks ?? null,
  };
  return db
    .insert(runs)
    .values({
      correlationId: copy.correlation_id,
      clientId: copy.client_id,
      userId: copy.user_id,
      instanceId: copy.instance_id,
      projectId: copy.project_id,
      templateId: copy.template_id,
      fuelBudget: copy.fuel_budget,
      createdAt: copy.created_at,
      ...changing,
    })
    .onConflictDoUpdate({
      target: runs.correlationId,
      set: changing,
      setWhere: sql`${runs.revision} < ${copy.revision}`,
    });
};

/** Open tasks of all runs by topic. Looks at the rows of runs that have any, and at no other. */
export const countOpenTasks = (db: Database) =>
  db.all<{ topic: string; open: number }>(
    sql`SELECT open.key AS topic, sum(open.value) AS open FROM ${runs}, json_each(${runs.openTasks}) AS open
      WHERE ${runs.openTasks} IS NOT NULL GROUP BY open.key`,
  );

/** Writes a usage record once. */
export const putUsage = (db: Database, record: UsageRecord) =>
  db
    .insert(usage)
    .values({
      id: record.id,
      clientId: record.client_id,
      userId: record.user_id,
      instanceId: record.instance_id,
      correlationId: record.correlation_id,
      stepName: record.step_name,
      agentType: record.agent_type,
      action: record.action,
      model: record.model,
      fuel: record.fuel,
      tokensIn: record.tokens_in,
      tokensOut: record.tokens_out,
      costMicros: record.cost_micros,
      durationMs: record.duration_ms,
      success: record.success,
      errorCode: record.error_code,
      createdAt: record.created_at,
    })
    .onConflictDoNothing();

/** Notes once that a run carried out a workflow definition. */
export const putWorkflowUse = (db: Database, use: WorkflowUse) =>
  db
    .insert(workflowUses)
    .values({
      workflowId: use.workflow_id,
      createdAt: use.created_at,
      correlationId: use.correlation_id,
      version: use.version,
    })
    .onConflictDoNothing();

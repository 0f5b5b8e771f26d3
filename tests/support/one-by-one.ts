import { eq, sql } from "drizzle-orm";
import type { BatchItem } from "drizzle-orm/batch";
import type { Database } from "#src/db/client.ts";
import { openTasks, runs, taskCounts, usage, workflowUses } from "#src/db/schema/index.ts";
import { dayOf } from "#src/kernel/clock.ts";
import type {
  OpenTasks,
  PlatformMessage,
  RunCopy,
  UsageRecord,
  WorkflowUse,
} from "#src/objects/platform-message.ts";

/** Writes each message by a statement of its own, column by column: slow, and plain to see. */
export async function writeOneByOne(db: Database, messages: readonly PlatformMessage[]): Promise<void> {
  const [first, ...rest] = messages.flatMap((message) => statementsOf(db, message));
  if (first) await db.batch([first, ...rest]);
}

function statementsOf(db: Database, message: PlatformMessage): BatchItem<"sqlite">[] {
  switch (message.type) {
    case "run.copy":
      return [...countRun(db, message), putRunCopy(db, message)];
    case "usage":
      return [putUsage(db, message), countTask(db, message), noteOlder(db, message)];
    case "workflow.use":
      return [putWorkflowUse(db, message)];
    case "tasks.open":
      return [putOpenTasks(db, message)];
  }
}

const putRunCopy = (db: Database, copy: RunCopy) => {
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
    openTasks: null,
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

const putUsage = (db: Database, record: UsageRecord) =>
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

/** Directly behind the statement that inserts the usage record: counts only what that one inserted. */
const countTask = (db: Database, { agent_type, created_at, success }: UsageRecord) =>
  db
    .insert(taskCounts)
    .select(sql`SELECT ${agent_type}, ${dayOf(created_at)}, 1, ${success ? 0 : 1} WHERE changes() > 0`)
    .onConflictDoUpdate({
      target: [taskCounts.day, taskCounts.agentType],
      set: {
        finished: sql`${taskCounts.finished} + excluded.finished`,
        failed: sql`${taskCounts.failed} + excluded.failed`,
      },
    });

const noteOlder = (db: Database, { correlation_id }: UsageRecord) =>
  db.update(runs).set({ historyRevision: null }).where(eq(runs.correlationId, correlation_id));

/** Directly before the statement that writes the copy: counts what that one is the first to tell the end of. */
const countRun = (db: Database, { correlation_id, completed_at, attempts = {} }: RunCopy) =>
  Object.entries(completed_at === null ? {} : attempts).map(([type, { finished, failed }]) =>
    db
      .insert(taskCounts)
      .select(
        sql`SELECT ${type}, ${dayOf(completed_at ?? 0)}, ${finished}, ${failed} WHERE NOT EXISTS (
          SELECT 1 FROM ${runs} WHERE ${runs.correlationId} = ${correlation_id} AND ${runs.completedAt} IS NOT NULL)`,
      )
      .onConflictDoUpdate({
        target: [taskCounts.day, taskCounts.agentType],
        set: {
          finished: sql`${taskCounts.finished} + excluded.finished`,
          failed: sql`${taskCounts.failed} + excluded.failed`,
        },
      }),
  );

const putOpenTasks = (db: Database, { client_id, shard, at, until, topics }: OpenTasks) =>
  db
    .insert(openTasks)
    .values({ clientId: client_id, shard, at, until, topics })
    .onConflictDoUpdate({
      target: [openTasks.clientId, openTasks.shard],
      set: { at, until, topics },
      setWhere: sql`${openTasks.at} < ${at}`,
    });

const putWorkflowUse = (db: Database, use: WorkflowUse) =>
  db
    .insert(workflowUses)
    .values({
      workflowId: use.workflow_id,
      createdAt: use.created_at,
      correlationId: use.correlation_id,
      version: use.version,
    })
    .onConflictDoNothing();

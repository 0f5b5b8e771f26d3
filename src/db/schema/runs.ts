import { sql } from "drizzle-orm";
import { index, integer, sqliteTable, text } from "drizzle-orm/sqlite-core";
import { runStatuses } from "#src/engine/run-view.ts";

/** Read model of runs, fed by the tenant objects' outboxes; a copy is written only when its revision is newer. */
export const runs = sqliteTable(
  "runs",
  {
    correlationId: text("correlation_id").primaryKey(),
    revision: integer("revision").notNull(),
    clientId: text("client_id").notNull(),
    userId: text("user_id").notNull(),
    instanceId: text("instance_id"),
    projectId: text("project_id"),
    templateId: text("template_id"),
    status: text("status", { enum: runStatuses }).notNull(),
    currentStep: text("current_step"),
    fuelBudget: integer("fuel_budget").notNull(),
    fuelSpent: integer("fuel_spent").notNull(),
    tokensIn: integer("tokens_in").notNull(),
    tokensOut: integer("tokens_out").notNull(),
    costMicros: integer("cost_micros").notNull(),
    errorCode: text("error_code"),
    errorMessage: text("error_message"),
    createdAt: integer("created_at").notNull(),
    updatedAt: integer("updated_at").notNull(),
    completedAt: integer("completed_at"),
    /** Tasks that are out, by topic; null when there are none. */
    openTasks: text("open_tasks", { mode: "json" }).$type<Record<string, number>>(),
  },
  (table) => [
    index("runs_instance").on(table.instanceId, table.createdAt, table.correlationId),
    index("runs_instance_ended")
      .on(table.instanceId, table.completedAt, table.correlationId)
      .where(sql`completed_at IS NOT NULL`),
    // Covers a tenant's totals, so that they cost no look at the rows; lists them, too.
    index("runs_client_totals").on(table.clientId, table.createdAt, table.correlationId, table.fuelSpent),
    index("runs_client").on(table.clientId, table.status, table.createdAt, table.correlationId),
    index("runs_status").on(table.status, table.createdAt, table.correlationId),
    index("runs_user").on(table.userId, table.createdAt, table.correlationId),
    index("runs_user_completed").on(table.userId, table.status, table.completedAt),
    index("runs_created").on(table.createdAt, table.correlationId),
    index("runs_open_tasks").on(table.correlationId).where(sql`open_tasks IS NOT NULL`),
  ],
);

/** What each finished task attempt cost. */
export const usage = sqliteTable(
  "usage",
  {
    id: text("id").primaryKey(),
    clientId: text("client_id").notNull(),
    userId: text("user_id").notNull(),
    instanceId: text("instance_id"),
    correlationId: text("correlation_id").notNull(),
    stepName: text("step_name").notNull(),
    agentType: text("agent_type").notNull(),
    action: text("action").notNull(),
    model: text("model"),
    fuel: integer("fuel").notNull(),
    tokensIn: integer("tokens_in").notNull(),
    tokensOut: integer("tokens_out").notNull(),
    costMicros: integer("cost_micros").notNull(),
    durationMs: integer("duration_ms").notNull(),
    success: integer("success", { mode: "boolean" }).notNull(),
    errorCode: text("error_code"),
    createdAt: integer("created_at").notNull(),
  },
  (table) => [
    index("usage_client").on(table.clientId, table.createdAt),
    index("usage_user").on(table.userId, table.createdAt),
    index("usage_run").on(table.correlationId),
    index("usage_instance").on(table.instanceId, table.createdAt, table.id),
    index("usage_images")
      .on(table.instanceId, table.createdAt, table.id)
      .where(sql`agent_type = 'image-generator' AND success = 1`),
  ],
);

/** Messages that could not be processed, with the reason. */
export const deadLetters = sqliteTable(
  "dead_letters",
  {
    id: text("id").primaryKey(),
    queue: text("queue").notNull(),
    reason: text("reason").notNull(),
    body: text("body").notNull(),
    clientId: text("client_id"),
    correlationId: text("correlation_id"),
    taskId: text("task_id"),
    createdAt: integer("created_at").notNull(),
    /** When an admin last sent it to its queue again. */
    redrivenAt: integer("redriven_at"),
    redrivenBy: text("redriven_by"),
  },
  (table) => [
    index("dead_letters_listed").on(table.createdAt, table.id),
    index("dead_letters_queue").on(table.queue, table.createdAt, table.id),
  ],
);

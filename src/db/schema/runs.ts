import { sql } from "drizzle-orm";
import { index, integer, sqliteTable, text } from "drizzle-orm/sqlite-core";
import { runStatuses } from "#src/engine/run-view.ts";

/**
 * A slim row for each run, for the lists over all tenants: fed by the tenant objects' outboxes when a run's status
 * changes, written only when its revision is newer, and gone after `RUN_LIST_DAYS`.
 */
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
    /** The revision that the tenant's object has in its history; null for a run of a release before that had none. */
    historyRevision: integer("history_revision"),
    /** As the release before filled it; nobody reads it. Goes a release later. */
    openTasks: text("open_tasks", { mode: "json" }).$type<Record<string, number>>(),
  },
  (table) => [
    index("runs_created").on(table.createdAt, table.correlationId),
    index("runs_of_client").on(table.clientId, table.createdAt, table.correlationId),
    index("runs_open")
      .on(table.status, table.createdAt, table.correlationId)
      .where(sql`completed_at IS NULL`),
    // Runs that came to nothing are few: they are found among many at the cost of those alone.
    index("runs_unsuccessful")
      .on(table.status, table.createdAt, table.correlationId)
      .where(sql`status IN ('failed', 'cancelled')`),
    index("runs_unsuccessful_of_client")
      .on(table.clientId, table.status, table.createdAt, table.correlationId)
      .where(sql`status IN ('failed', 'cancelled')`),
    index("runs_older")
      .on(table.clientId, table.createdAt, table.correlationId)
      .where(sql`(history_revision IS NULL OR history_revision < revision)`),
  ],
);

/** What each finished task attempt cost, as releases before wrote it; objects take it over into their history. */
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
    index("dead_letters_left").on(table.queue, table.createdAt, table.id).where(sql`redriven_at IS NULL`),
    index("dead_letters_left_for")
      .on(table.queue, table.reason, table.createdAt, table.id)
      .where(sql`redriven_at IS NULL`),
  ],
);

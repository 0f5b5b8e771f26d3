import { sql } from "drizzle-orm";
import { check, index, integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";

/** What a persona may change in the shop without a person's yes, and how much of it. Amounts in minor units. */
export const toolsWithoutApproval = sqliteTable(
  "tools_without_approval",
  {
    clientId: text("client_id").notNull(),
    instanceId: text("instance_id").notNull(),
    tool: text("tool").notNull(),
    currency: text("currency").notNull(),
    runCount: integer("run_count").notNull(),
    runAmount: integer("run_amount").notNull(),
    dayCount: integer("day_count").notNull(),
    dayAmount: integer("day_amount").notNull(),
    updatedAt: integer("updated_at").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.instanceId, table.tool] }),
    check(
      "tools_without_approval_bounds",
      sql`run_count >= 0 AND day_count >= 0 AND run_amount >= 0 AND day_amount >= 0`,
    ),
  ],
);

/** Changes that a persona has been let make without one: what its bounds are counted by. Written before the change. */
export const unaskedChanges = sqliteTable(
  "unasked_changes",
  {
    /** The call: repeated, it is the same change. */
    taskId: text("task_id").primaryKey(),
    clientId: text("client_id").notNull(),
    instanceId: text("instance_id").notNull(),
    /** The run that no other waits for. */
    runId: text("run_id").notNull(),
    tool: text("tool").notNull(),
    /** Where the tenant is: `2026-11-28`. */
    day: text("day").notNull(),
    currency: text("currency").notNull(),
    amount: integer("amount").notNull(),
    /** How what it is about stood, and was to stand. */
    change: text("change", { mode: "json" })
      .$type<{ before: Record<string, unknown>; after: Record<string, unknown> }>()
      .notNull(),
    createdAt: integer("created_at").notNull(),
  },
  (table) => [
    index("unasked_changes_run").on(table.runId, table.instanceId, table.tool),
    index("unasked_changes_day").on(table.instanceId, table.tool, table.day),
    index("unasked_changes_old").on(table.createdAt),
  ],
);

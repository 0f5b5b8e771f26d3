import { index, integer, sqliteTable, text } from "drizzle-orm/sqlite-core";

/** Who did what to whom. Append-only: triggers in 0001_reference_data.sql refuse every change. */
export const auditLog = sqliteTable(
  "audit_log",
  {
    id: text("id").primaryKey(),
    /** The user who acted; null for the system. */
    actorId: text("actor_id"),
    action: text("action").notNull(),
    targetType: text("target_type").notNull(),
    targetId: text("target_id").notNull(),
    clientId: text("client_id").notNull(),
    details: text("details", { mode: "json" }).$type<Record<string, unknown>>().notNull(),
    ip: text("ip").notNull(),
    userAgent: text("user_agent").notNull(),
    createdAt: integer("created_at").notNull(),
  },
  (table) => [
    index("audit_log_target").on(table.targetId, table.createdAt),
    index("audit_log_actor").on(table.actorId, table.createdAt),
    index("audit_log_at").on(table.createdAt),
    index("audit_log_action").on(table.action, table.createdAt),
    index("audit_log_client").on(table.clientId, table.createdAt),
    index("audit_log_client_action").on(table.clientId, table.action, table.createdAt),
  ],
);

import { sql } from "drizzle-orm";
import { index, integer, sqliteTable, text } from "drizzle-orm/sqlite-core";
import { users } from "./users.ts";

/** One row per signed-in device. */
export const sessions = sqliteTable(
  "sessions",
  {
    id: text("id").primaryKey(),
    userId: text("user_id")
      .notNull()
      .references(() => users.id),
    createdAt: integer("created_at").notNull(),
    lastUsedAt: integer("last_used_at").notNull(),
    /** Absolute end. */
    expiresAt: integer("expires_at").notNull(),
    revokedAt: integer("revoked_at"),
    ip: text("ip").notNull(),
    userAgent: text("user_agent").notNull(),
    /** Number of the refresh token in force, counted up by each rotation. */
    generation: integer("generation").notNull(),
    /** SHA-256 of the refresh token in force. */
    refreshHash: text("refresh_hash").notNull(),
    refreshExpiresAt: integer("refresh_expires_at").notNull(),
    rotatedAt: integer("rotated_at").notNull(),
    /** Revoked, but the tenant's access gate has not been told yet; the sweep repeats it. */
    gatePending: integer("gate_pending", { mode: "boolean" }).notNull().default(false),
  },
  (table) => [
    index("sessions_user").on(table.userId, table.createdAt),
    index("sessions_last_used").on(table.lastUsedAt),
    index("sessions_expires").on(table.expiresAt),
    index("sessions_gate_pending").on(table.id).where(sql`gate_pending = 1`),
  ],
);

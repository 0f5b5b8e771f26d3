import { sql } from "drizzle-orm";
import { index, integer, sqliteTable, text } from "drizzle-orm/sqlite-core";
import { disabledReasons } from "#src/kernel/webhook-words.ts";
import { clients } from "./clients.ts";

/** Where a tenant's webhooks go. What waits for them, what came of it, and their secrets are in an object each. */
export const webhookEndpoints = sqliteTable(
  "webhook_endpoints",
  {
    id: text("id").primaryKey(),
    clientId: text("client_id")
      .notNull()
      .references(() => clients.id),
    url: text("url").notNull(),
    /** Names of events. */
    events: text("events", { mode: "json" }).$type<string[]>().notNull(),
    description: text("description").notNull(),
    ordered: integer("ordered", { mode: "boolean" }).notNull(),
    rateLimit: integer("rate_limit"),
    /** Whether messages of conversations come with what they say. */
    includeContent: integer("include_content", { mode: "boolean" }).notNull().default(false),
    isActive: integer("is_active", { mode: "boolean" }).notNull().default(true),
    /** Why the platform has switched it off, and when. */
    disabledReason: text("disabled_reason", { enum: disabledReasons }),
    disabledAt: integer("disabled_at"),
    /** Counts its changes; of two words about it, the one with the higher version counts. */
    version: integer("version").notNull(),
    /** True until the objects have been told the latest version; the sweep repeats it. */
    isPending: integer("is_pending", { mode: "boolean" }).notNull(),
    /** From then on only its objects have to hear of it. */
    deletedAt: integer("deleted_at"),
    /** The account that has made it. */
    createdBy: text("created_by").notNull(),
    createdAt: integer("created_at").notNull(),
    updatedAt: integer("updated_at").notNull(),
  },
  (table) => [
    index("webhook_endpoints_listed").on(table.clientId, table.createdAt, table.id),
    index("webhook_endpoints_pending").on(table.updatedAt).where(sql`is_pending = 1`),
  ],
);

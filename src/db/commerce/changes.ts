import { index, integer, sqliteTable, text } from "drizzle-orm/sqlite-core";

/** Who has done what to what there is in commerce: its audit log. Rows are only added, in the batch of the change. */
export const commerceChanges = sqliteTable(
  "commerce_changes",
  {
    id: text("id").primaryKey(),
    clientId: text("client_id").notNull(),
    /** Dotted name, the event's where there is one: `order.confirmed`. */
    action: text("action").notNull(),
    entityId: text("entity_id").notNull(),
    /** Null for what the platform does by itself. */
    actorId: text("actor_id"),
    via: text("via").notNull(),
    ip: text("ip").notNull(),
    userAgent: text("user_agent").notNull(),
    /** Plain facts, nothing personal. */
    details: text("details", { mode: "json" }).$type<Record<string, unknown>>().notNull(),
    createdAt: integer("created_at").notNull(),
  },
  (table) => [index("commerce_changes_entity").on(table.entityId, table.createdAt, table.id)],
);

/** What was made under a caller's `Idempotency-Key`: written in the batch that made it, so that it is made once. */
export const commerceKeys = sqliteTable(
  "commerce_keys",
  {
    /** Digest of caller, operation and key. */
    key: text("key").primaryKey(),
    bodyDigest: text("body_digest").notNull(),
    entityId: text("entity_id").notNull(),
    expiresAt: integer("expires_at").notNull(),
  },
  (table) => [index("commerce_keys_expired").on(table.expiresAt)],
);

import { index, integer, sqliteTable, text } from "drizzle-orm/sqlite-core";

/**
 * Events about rows of D1, written in the batch that changed the row and handed
 * to the tenant's event log afterwards. A row is there only until that is done.
 */
export const eventOutbox = sqliteTable(
  "event_outbox",
  {
    /** Order of writing; events of a tenant are delivered in it. */
    seq: integer("seq").primaryKey({ autoIncrement: true }),
    /** The event's own id: makes a second delivery harmless. */
    id: text("id").notNull().unique(),
    clientId: text("client_id").notNull(),
    event: text("event").notNull(),
    entityId: text("entity_id").notNull(),
    ownerUserId: text("owner_user_id"),
    data: text("data", { mode: "json" }).$type<Record<string, unknown>>().notNull(),
    createdAt: integer("created_at").notNull(),
  },
  (table) => [index("event_outbox_client").on(table.clientId, table.seq)],
);

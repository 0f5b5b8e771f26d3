import { sql } from "drizzle-orm";
import { index, integer, sqliteTable, text } from "drizzle-orm/sqlite-core";
import { clients } from "./clients.ts";

/** What starts personas when something happens. The tenant's log hands each of them the events that it is for. */
export const triggers = sqliteTable(
  "triggers",
  {
    id: text("id").primaryKey(),
    clientId: text("client_id")
      .notNull()
      .references(() => clients.id),
    instanceId: text("instance_id").notNull(),
    /** As whom it starts the persona. */
    ownerUserId: text("owner_user_id").notNull(),
    /** A pattern over names of events. */
    event: text("event").notNull(),
    /** A condition over the event; null for whenever it happens. */
    condition: text("condition"),
    /** A template over the event. */
    input: text("input", { mode: "json" }).$type<Record<string, unknown>>().notNull(),
    maxPerHour: integer("max_per_hour").notNull(),
    isEnabled: integer("is_enabled", { mode: "boolean" }).notNull(),
    /** Counts its changes; of two words about it, the one with the higher version counts. */
    version: integer("version").notNull(),
    /** True until the tenant's log has been told the latest version; the sweep repeats it. */
    isPending: integer("is_pending", { mode: "boolean" }).notNull(),
    /** The last event that it has done something about, and of which log: what comes again is done. */
    epoch: text("epoch"),
    seq: integer("seq").notNull(),
    /** The hour that the next is of, in hours since 1970. */
    hour: integer("hour").notNull(),
    firedInHour: integer("fired_in_hour").notNull(),
    /** How often in a row it could not start anything. */
    failures: integer("failures").notNull(),
    lastFiredAt: integer("last_fired_at"),
    lastError: text("last_error"),
    createdAt: integer("created_at").notNull(),
    updatedAt: integer("updated_at").notNull(),
  },
  (table) => [
    index("triggers_listed").on(table.instanceId, table.createdAt, table.id),
    index("triggers_tenant").on(table.clientId),
    index("triggers_pending").on(table.updatedAt).where(sql`is_pending = 1`),
  ],
);

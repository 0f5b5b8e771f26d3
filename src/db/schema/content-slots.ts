import { index, integer, sqliteTable, text } from "drizzle-orm/sqlite-core";
import { users } from "./users.ts";

/** Places in content quotas, as releases before kept them: the tenants' objects count today. Goes a release later. */
export const contentSlots = sqliteTable(
  "content_slots",
  {
    /** From the caller's idempotency key, so that a replay finds its own slot; else made up. */
    key: text("key").primaryKey(),
    userId: text("user_id")
      .notNull()
      .references(() => users.id),
    /** The run; null for the moment between taking the slot and starting the run. */
    correlationId: text("correlation_id"),
    createdAt: integer("created_at").notNull(),
  },
  (table) => [
    index("content_slots_user").on(table.userId, table.createdAt),
    index("content_slots_created").on(table.createdAt),
  ],
);

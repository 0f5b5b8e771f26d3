import { index, integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";

/** Open tasks of each workflow object by topic, as it has told last: a row for each object that had any lately. */
export const openTasks = sqliteTable(
  "open_tasks",
  {
    clientId: text("client_id").notNull(),
    shard: integer("shard").notNull(),
    /** When they were counted. */
    at: integer("at").notNull(),
    /** Until when that counts. */
    until: integer("until").notNull(),
    topics: text("topics", { mode: "json" }).$type<Record<string, number>>().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.clientId, table.shard] }),
    index("open_tasks_until").on(table.until),
  ],
);

import { integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";

/** Finished task attempts by agent type and UTC day; what an agent type has done costs a few rows to read, however much it was. */
export const taskCounts = sqliteTable(
  "task_counts",
  {
    agentType: text("agent_type").notNull(),
    /** Days since 1970-01-01. */
    day: integer("day").notNull(),
    finished: integer("finished").notNull(),
    failed: integer("failed").notNull(),
  },
  (table) => [primaryKey({ columns: [table.day, table.agentType] })],
);

import { integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";

/**
 * How many rows other tables have, so that nobody has to count them: kept by triggers in the statement that changes such
 * a row (migrations/0017_row_count_triggers.sql). By `name`:
 * - `clients`;
 * - accounts that are not deleted: `users.of_client` by `{tenant}/{tier}`, all of them by `/{tier}`; `users.active` by the
 *   last day on which they were signed in (migrations/0032_accounts_counted_once.sql);
 * - `instances` that are not deleted.
 */
export const rowCounts = sqliteTable(
  "row_counts",
  {
    name: text("name").notNull(),
    /** Of a day its number since 1970-01-01, in five digits, so that days are in order. */
    key: text("key").notNull(),
    count: integer("count").notNull(),
  },
  (table) => [primaryKey({ columns: [table.name, table.key] })],
);

import { type SQL, sql } from "drizzle-orm";
import type { SQLiteTable } from "drizzle-orm/sqlite-core";

/**
 * True while a row meets a condition. What goes with a change stands before it in the batch and asks the change's own
 * condition; or after it, and asks for the row that only this change can have made.
 */
export const hasRow = (table: SQLiteTable, where: SQL | undefined): SQL =>
  sql`EXISTS (SELECT 1 FROM ${table} WHERE ${where})`;

/** True of nothing: switches a statement of a fixed batch off. */
export const never: SQL = sql`false`;

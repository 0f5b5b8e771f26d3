import { type SQL, sql } from "drizzle-orm";
import type { SQLiteTable } from "drizzle-orm/sqlite-core";
import type { Database } from "./client.ts";

/** Rows that one statement removes, and how many statements one go of a job may take; the rest waits for the next. */
const max = { rows: 1000, pieces: 10 };

/**
 * Removes the rows that meet a condition, so many at a time that nobody else waits for the database.
 * @returns how many
 */
export async function removeInPieces(
  db: Database,
  table: SQLiteTable,
  where: SQL | undefined,
): Promise<number> {
  let removed = 0;
  for (let piece = 0; piece < max.pieces; piece++) {
    const { meta } = await db
      .delete(table)
      .where(sql`rowid IN (SELECT rowid FROM ${table} WHERE ${where} LIMIT ${max.rows})`);
    removed += meta.changes;
    if (meta.changes < max.rows) break;
  }
  return removed;
}

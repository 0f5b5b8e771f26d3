import { getTableColumns, is, type Placeholder, SQL, sql } from "drizzle-orm";
import type { SQLiteColumn, SQLiteTable } from "drizzle-orm/sqlite-core";
import type { Database } from "./client.ts";

/** A row by its columns' names: each a value, or SQL that makes one. What has a default or may be null can be left out. */
export type RowSource<T extends SQLiteTable> = {
  readonly [Key in keyof T["$inferInsert"]]: T["$inferInsert"][Key] | SQL | Placeholder;
};

/** A column's value as drizzle writes it with `values`: JSON as text, booleans as 0 and 1, the default for what is left out. */
const written = (column: SQLiteColumn, value: unknown) => {
  const given = value === undefined ? (column.default ?? column.defaultFn?.() ?? null) : value;
  return is(given, SQL) ? given : sql.param(given, column);
};

/**
 * `INSERT INTO table (…) SELECT … rest`: a row that is written on a condition, or one for each row of something.
 * Drizzle takes the values in the order of the table's columns; here they have names, so that nobody counts.
 * @param rest what follows the values: `FROM …`, `WHERE …`
 */
export function insertSelect<T extends SQLiteTable>(db: Database, table: T, row: RowSource<T>, rest: SQL) {
  const values = new Map<string, unknown>(Object.entries(row));
  const columns = Object.entries(getTableColumns(table));
  const selected = columns.map(([name, column]) => written(column, values.get(name)));
  return db.insert(table).select(sql`SELECT ${sql.join(selected, sql`, `)} ${rest}`);
}

/** Inserts a row if a condition holds, check and insert in one statement; changes no row when it does not. */
export const insertWhere = <T extends SQLiteTable>(
  db: Database,
  table: T,
  row: RowSource<T>,
  condition: SQL | undefined,
) => insertSelect(db, table, row, sql`WHERE ${condition ?? sql`true`}`);

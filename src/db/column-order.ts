import { getTableColumns, type InferSelectModel, type SQL, sql } from "drizzle-orm";
import type { SQLiteTable } from "drizzle-orm/sqlite-core";

/** The values of an `INSERT … SELECT` in the order of the table's columns; a new column asks for its value. */
export const inColumnOrder = <T extends SQLiteTable>(
  table: T,
  values: Record<keyof InferSelectModel<T> & string, SQL>,
): SQL => {
  const byName = new Map<string, SQL>(Object.entries(values));
  const ordered = Object.keys(getTableColumns(table)).map((name) => byName.get(name) ?? sql`NULL`);
  return sql.join(ordered, sql`, `);
};

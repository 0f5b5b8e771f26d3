import { getTableColumns, sql } from "drizzle-orm";
import type { SQLiteTable } from "drizzle-orm/sqlite-core";
import type { Database } from "./client.ts";

type Columns<T extends SQLiteTable> = T["_"]["columns"];

/** A row of a table, each column under its name in SQL, as it is written in our messages. */
export type JsonRow<T extends SQLiteTable> = {
  readonly [Key in keyof Columns<T> as Columns<T>[Key]["_"]["name"]]:
    | Columns<T>[Key]["_"]["data"]
    | (Columns<T>[Key]["_"]["notNull"] extends true ? never : null);
};

/** D1 takes 2 MB a parameter; a UTF-16 unit is at most three bytes of UTF-8. */
const maxCharacters = Math.floor(2_000_000 / 3);

/** Values as JSON arrays for `json_each`, each small enough to be one parameter of a D1 statement; none for no values. */
export function jsonArraysOf(values: readonly unknown[]): string[] {
  if (values.length === 0) return [];
  const text = JSON.stringify(values);
  if (text.length <= maxCharacters || values.length === 1) return [text];
  const half = Math.ceil(values.length / 2);
  return [...jsonArraysOf(values.slice(0, half)), ...jsonArraysOf(values.slice(half))];
}

/**
 * `INSERT INTO table (…) SELECT …` that writes rows by set: one parameter
 * however many rows there are, and always the same text, so that SQLite compiles
 * it once. Booleans become 0 and 1 and objects JSON text, as drizzle writes them.
 * More than one only for rows of megabytes, none for no rows.
 */
export function insertRows<T extends SQLiteTable>(db: Database, table: T, rows: readonly JsonRow<T>[]) {
  const names = Object.values(getTableColumns(table)).map(({ name }) => name);
  const values = sql.raw(names.map((_, index) => `value ->> ${index}`).join(", "));
  const valuesOf = (row: Readonly<Record<string, unknown>>) => names.map((name) => row[name]);
  // Without a WHERE the ON CONFLICT behind it would be read as the condition of a join.
  return jsonArraysOf(rows.map(valuesOf)).map((list) =>
    db.insert(table).select(sql`SELECT ${values} FROM json_each(${list}) WHERE true`),
  );
}

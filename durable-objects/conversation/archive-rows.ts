import { z } from "zod";
import { archivedTables } from "./archive-tables.ts";

/** Characters of a part, which each may take three bytes: parts are written and read one at a time. */
const partLength = 512 * 1024;

/** Rows that are read from a table at once. */
const pageSize = 100;

const valueSchema = z.union([z.string(), z.number(), z.null()]);
/** A line of a part: a table's name, and one of its rows. */
const lineSchema = z.tuple([z.enum(archivedTables), z.record(z.string().regex(/^\w+$/), valueSchema)]);

/** All rows of the tables that are archived, as lines of JSON, in parts of bounded size. */
export function* partsOf(sql: SqlStorage): Generator<string> {
  let part = "";
  for (const line of linesOf(sql)) {
    if (part.length > 0 && part.length + line.length > partLength) {
      yield part;
      part = "";
    }
    part += `${line}\n`;
  }
  if (part.length > 0) yield part;
}

function* linesOf(sql: SqlStorage): Generator<string> {
  for (const table of archivedTables) {
    for (let offset = 0, isMore = true; isMore; offset += pageSize) {
      const rows = sql.exec(`SELECT * FROM ${table} LIMIT ? OFFSET ?`, pageSize, offset).toArray();
      for (const row of rows) yield JSON.stringify([table, row]);
      isMore = rows.length === pageSize;
    }
  }
}

/** Writes the rows of a part back. */
export function restorePart(sql: SqlStorage, part: string): void {
  for (const line of part.split("\n")) {
    if (line === "") continue;
    const [table, row] = lineSchema.parse(JSON.parse(line));
    const columns = Object.keys(row);
    const places = columns.map(() => "?").join(", ");
    sql.exec(
      `INSERT OR REPLACE INTO ${table} (${columns.join(", ")}) VALUES (${places})`,
      ...Object.values(row),
    );
  }
}

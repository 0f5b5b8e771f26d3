import { z } from "@hono/zod-openapi";
import { type Columns, csvFile, type Exported, jsonLinesFile, written } from "#src/exports/index.ts";
import type { Clock } from "#src/kernel/clock.ts";
import type { ListRequest } from "./list-query.ts";

/** Rows read and held at once. A Worker may ask D1 a thousand times for one request. */
const pageRows = 1000;

/** The kind of file that an export is. */
export const exportFormat = z
  .enum(["csv", "jsonl"])
  .default("csv")
  .openapi({ description: "A table for spreadsheets, or a line of JSON for each" });

/**
 * All rows of a list as a file, in the list's order: by time and id, newest first.
 * @param read a page of the list; one row more than the limit when there are more
 */
export function exportRows<Row extends { createdAt: number; id: string }>(
  { name, format, columns }: { name: string; format: "csv" | "jsonl"; columns: Columns<Row> },
  clock: Clock,
  read: (page: ListRequest) => Promise<readonly Row[]>,
): Exported {
  const file = format === "csv" ? csvFile(name, columns) : jsonLinesFile(name, columns);
  return written(file, {
    pageAfter: (last) => read({ after: last && [last.createdAt, last.id], limit: pageRows - 1, offset: 0 }),
    pageRows,
    clock,
  });
}

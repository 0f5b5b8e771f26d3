import { parse } from "csv-parse/sync";
import { z } from "zod";
import { AppError } from "#src/kernel/app-error.ts";
import { withoutPrefix } from "#src/text/cut-text.ts";
import { layoutOf } from "./delimiter.ts";
import { maxImportRows, unusable } from "./limits.ts";

/** Most lines of a file, its empty ones included. */
const maxLines = 2 * maxImportRows;
/** Most columns; those that are not known are ignored. */
const maxColumns = 100;

interface CsvReader {
  /** Whether a column of that name is read: by these it is found what stands between columns. */
  isKnown(column: string): boolean;
  /** A longer row is none; in characters. */
  maxRowLength: number;
  /** Takes the cells of a line that has some. The first one is the header; lines are counted as a spreadsheet counts. */
  take(cells: readonly string[], row: number): void;
}

/**
 * Reads a CSV file line by line, with commas, semicolons or tabs between its cells. Empty lines are counted but not taken.
 * @throws AppError `BAD_REQUEST` when the file as a whole is none, or too long
 */
export function readCsv(text: string, { isKnown, maxRowLength, take }: CsvReader): void {
  let row = 0;
  let hasHeader = false;
  const read = (cells: readonly string[]): void => {
    row++;
    if (row > maxLines) throw unusable(`At most ${maxLines} lines`);
    if (cells.length > maxColumns + 1) throw unusable(`At most ${maxColumns} columns`);
    if (hasHeader && cells.length === 1 && cells[0]?.trim() === "") return;
    hasHeader = true;
    take(cells, row);
  };
  try {
    const { delimiter, naming } = layoutOf(text, isKnown);
    // Each record is read as it comes, so that a file of nothing but commas takes up no memory.
    parse(withoutPrefix(text, naming), {
      bom: true,
      delimiter,
      relax_column_count: true,
      max_record_size: maxRowLength,
      record_delimiter: ["\r\n", "\n", "\r"],
      on_record: (record) => {
        read(z.array(z.string()).parse(record));
        return null;
      },
    });
  } catch (error) {
    if (error instanceof AppError) throw error;
    throw unusable(`Not a CSV file: ${error instanceof Error ? error.message : "it cannot be read"}`, error);
  }
}

/** Cells without the empty one that a delimiter at the end of a line makes. */
export const withoutTrail = (cells: readonly string[], columns: number): readonly string[] =>
  cells.length === columns + 1 && cells.at(-1)?.trim() === "" ? cells.slice(0, -1) : cells;

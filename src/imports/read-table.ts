import { plainFormula } from "#src/exports/index.ts";
import { maxImportRows, type ReadRow, unusable } from "./limits.ts";
import { readCsv, withoutTrail } from "./read-csv.ts";

/** What the text of a cell says; undefined for nothing. */
type ReadCell = (cell: string) => unknown;

/** The columns that a file may have, by their names, as they are written there. Others are ignored. */
export type Columns = Readonly<Record<string, ReadCell>>;

/** An empty cell says nothing. */
export const asText: ReadCell = (cell) => (cell === "" ? undefined : cell);
/** An empty cell is an empty text. */
export const asKept: ReadCell = (cell) => cell;
/** An empty cell says that there is none. */
export const asNull: ReadCell = (cell) => (cell === "" ? null : cell);
export const asNumber: ReadCell = (cell) => (/^\d{1,16}$/.test(cell) ? Number(cell) : asText(cell));
export const asSwitch: ReadCell = (cell) =>
  cell === "true" ? true : cell === "false" ? false : asText(cell);

/** JSON; what is none stays the text that it is, for the schema to refuse. */
export const asJson: ReadCell = (cell) => {
  if (cell === "") return undefined;
  try {
    const value: unknown = JSON.parse(cell);
    return value;
  } catch {
    return cell;
  }
};

/** Words with `|` between, or a list in JSON where one of them has that in it. */
export const asList: ReadCell = (cell) =>
  cell.startsWith("[") ? asJson(cell) : cell === "" ? [] : cell.split("|");

type Item = Record<string, unknown>;

const nameOf = (column: string): string => column.trim().toLowerCase().replaceAll(/[ -]/g, "_");

/** An object of the cells that say something. */
const itemOf = (columns: Columns, cells: Iterable<readonly [string, unknown]>): Item =>
  Object.fromEntries(
    [...cells].flatMap(([column, cell]) => {
      const read = Object.hasOwn(columns, column) ? columns[column] : undefined;
      if (!read) return [];
      const value = typeof cell === "string" ? read(cell) : cell;
      return value === undefined ? [] : [[column, value]];
    }),
  );

/** In characters; a longer row is none. */
const maxRowLength = 100_000;

/** @throws AppError `BAD_REQUEST` for more rows than may be */
function add<T>(rows: ReadRow<T>[], row: ReadRow<T>): void {
  if (rows.length >= maxImportRows) throw unusable(`At most ${maxImportRows} rows`);
  rows.push(row);
}

function readLines(text: string, columns: Columns): ReadRow<Item>[] {
  const rows: ReadRow<Item>[] = [];
  let row = 0;
  for (const line of text.split("\n")) {
    row++;
    if (line.trim() === "") continue;
    const value = asJson(line);
    add(
      rows,
      typeof value === "object" && value !== null && !Array.isArray(value)
        ? { row, item: itemOf(columns, Object.entries(value)) }
        : { row, error: "Not an object in JSON" },
    );
  }
  return rows;
}

function readCells(text: string, columns: Columns, needed: string): ReadRow<Item>[] {
  const rows: ReadRow<Item>[] = [];
  let header: string[] | undefined;
  const take = (cells: readonly string[], row: number): void => {
    if (!header) {
      header = cells.map(nameOf);
      const known = header.filter((name) => Object.hasOwn(columns, name));
      if (!known.includes(needed))
        throw unusable(`The first row must name the columns, \`${needed}\` among them`);
      if (new Set(known).size < known.length) throw unusable("A column is there twice");
      return;
    }
    const names = header;
    const given = withoutTrail(cells, names.length);
    const error = `${given.length} columns instead of ${names.length}`;
    const pairs = given.map((cell, index) => [names[index] ?? "", plainFormula(cell)] as const);
    add(rows, given.length === names.length ? { row, item: itemOf(columns, pairs) } : { row, error });
  };
  readCsv(text, { isKnown: (name) => Object.hasOwn(columns, nameOf(name)), maxRowLength, take });
  return rows;
}

/**
 * Reads a file of things: a table, whose first row names the columns, or a line of JSON for each. What exports have put
 * before cells that spreadsheets would run is taken away again.
 * @param needed the column that a table must have
 * @throws AppError `BAD_REQUEST` when the file as a whole is none, or too long
 */
export function readTable(text: string, columns: Columns, needed: string): ReadRow<Item>[] {
  const rows = /^\uFEFF?\s*\{/.test(text)
    ? readLines(text.replace("\uFEFF", ""), columns)
    : readCells(text, columns, needed);
  if (rows.length === 0) throw unusable("There is nothing in the file");
  return rows;
}

import { parse } from "csv-parse/sync";
import { z } from "zod";
import { passwordProblems, registerSchema } from "#src/identity/index.ts";
import { AppError } from "#src/kernel/app-error.ts";
import { issueLines } from "#src/kernel/issues.ts";
import { withoutPrefix } from "#src/text/cut-text.ts";
import { layoutOf } from "./delimiter.ts";

/** Most accounts in one file. */
export const maxImportRows = 50_000;
/** Most lines of a file, its empty ones included. */
const maxLines = 2 * maxImportRows;
/** Most columns; those that are not known are ignored. */
const maxColumns = 100;
/** A longer row is no row of accounts; in characters. */
const maxRowLength = 20_000;

const accountSchema = registerSchema
  .pick({ email: true, first_name: true, last_name: true, company: true })
  .extend({ password: z.string().optional() });

type ImportAccount = z.infer<typeof accountSchema>;

/** A row of the file: an account to be made, or why it cannot be. The header is row 1. */
export type ImportRow = { row: number; account: ImportAccount } | { row: number; error: string };

/** Columns that are read, by every name they may have. */
const columns: Record<string, keyof ImportAccount> = {
  email: "email",
  e_mail: "email",
  password: "password",
  first_name: "first_name",
  firstname: "first_name",
  last_name: "last_name",
  lastname: "last_name",
  company: "company",
};

type Header = readonly (keyof ImportAccount | undefined)[];

const unusable = (message: string, cause?: unknown) => new AppError("BAD_REQUEST", { message, cause });

const columnOf = (name: string): keyof ImportAccount | undefined =>
  columns[name.trim().toLowerCase().replaceAll(/[ -]/g, "_")];

function headerOf(fields: readonly string[]): Header {
  const header = fields.map(columnOf);
  // A delimiter at the end of the line begins no column.
  if (fields.at(-1)?.trim() === "") header.pop();
  const known = header.filter((name) => name !== undefined);
  if (!known.includes("email")) throw unusable("The first row must name the columns, `email` among them");
  if (new Set(known).size < known.length) throw unusable("A column is there twice");
  if (fields.length > maxColumns) throw unusable(`At most ${maxColumns} columns`);
  return header;
}

function accountOf(cells: readonly string[], header: Header): ImportAccount | string {
  const isTrailed = cells.length === header.length + 1 && cells.at(-1)?.trim() === "";
  const fields = isTrailed ? cells.slice(0, -1) : cells;
  if (fields.length !== header.length) return `${fields.length} columns instead of ${header.length}`;
  const given = header.flatMap((name, index) => {
    const value = fields[index] ?? "";
    return name === undefined || value === "" ? [] : [[name, value]];
  });
  const { data, error } = accountSchema.safeParse(Object.fromEntries(given));
  if (!data) {
    const isMissing = !given.some(([name]) => name === "email");
    return isMissing ? "email: Missing" : issueLines(error).join("; ");
  }
  const problems = data.password === undefined ? [] : passwordProblems(data.password, data.email);
  return problems.length > 0 ? `password: ${problems.join("; ")}` : data;
}

/**
 * Reads a CSV file of accounts: a header with at least `email`, then a row for
 * each account (`password, first_name, last_name, company` may be left out or
 * empty), with commas, semicolons or tabs between. Empty lines are counted but not read. A row that is wrong holds up no other.
 * @throws AppError `BAD_REQUEST` when the file as a whole is none, or too long
 */
export function readUserCsv(text: string): ImportRow[] {
  const rows: ImportRow[] = [];
  const seen = new Map<string, number>();
  let header: Header | undefined;
  let row = 0;
  const read = (fields: readonly string[]): void => {
    row++;
    if (row > maxLines) throw unusable(`At most ${maxLines} lines`);
    if (fields.length > maxColumns + 1) throw unusable(`At most ${maxColumns} columns`);
    if (!header) {
      header = headerOf(fields);
      return;
    }
    if (fields.length === 1 && fields[0]?.trim() === "") return;
    if (rows.length >= maxImportRows) throw unusable(`At most ${maxImportRows} rows`);
    const account = accountOf(fields, header);
    const twin = typeof account === "string" ? undefined : seen.get(account.email);
    if (typeof account === "string") rows.push({ row, error: account });
    else if (twin !== undefined) rows.push({ row, error: `The same e-mail as in row ${twin}` });
    else {
      seen.set(account.email, row);
      rows.push({ row, account });
    }
  };
  try {
    const { delimiter, naming } = layoutOf(text, (name) => columnOf(name) !== undefined);
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
  if (rows.length === 0) throw unusable("There is no account in the file");
  return rows;
}

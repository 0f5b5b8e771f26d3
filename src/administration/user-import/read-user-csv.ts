import { z } from "zod";
import { passwordProblems, registerSchema } from "#src/identity/index.ts";
import { maxImportRows, readCsv, unusable, withoutTrail } from "#src/imports/index.ts";
import { issueLines } from "#src/kernel/issues.ts";

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

const columnOf = (name: string): keyof ImportAccount | undefined =>
  columns[name.trim().toLowerCase().replaceAll(/[ -]/g, "_")];

function headerOf(fields: readonly string[]): Header {
  const header = fields.map(columnOf);
  // A delimiter at the end of the line begins no column.
  if (fields.at(-1)?.trim() === "") header.pop();
  const known = header.filter((name) => name !== undefined);
  if (!known.includes("email")) throw unusable("The first row must name the columns, `email` among them");
  if (new Set(known).size < known.length) throw unusable("A column is there twice");
  return header;
}

function accountOf(cells: readonly string[], header: Header): ImportAccount | string {
  const fields = withoutTrail(cells, header.length);
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
  const take = (fields: readonly string[], row: number): void => {
    if (!header) {
      header = headerOf(fields);
      return;
    }
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
  readCsv(text, { isKnown: (name) => columnOf(name) !== undefined, maxRowLength, take });
  if (rows.length === 0) throw unusable("There is no account in the file");
  return rows;
}

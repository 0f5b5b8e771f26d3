/** What a spreadsheet would take for a formula is text to it behind this. */
const looksLikeFormula = /^[=+\-@\t\r]/;

/** A cell of CSV: quoted, and nothing that a spreadsheet calculates. */
export function csvCell(value: string): string {
  const text = looksLikeFormula.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Rows as CSV (RFC 4180). */
export const csvRows = (rows: readonly (readonly string[])[]): string =>
  rows.map((row) => `${row.map(csvCell).join(",")}\r\n`).join("");

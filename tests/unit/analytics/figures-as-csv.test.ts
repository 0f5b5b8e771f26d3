import { expect, it } from "vitest";
import { figuresAsCsv } from "#src/analytics/figures/figures-as-csv.ts";

it("No cell of figures is a formula, wherever somebody's words stand, and none ends its line", () => {
  const hostile = ['=HYPERLINK("https://evil.test")', "+1+1", "-2+3", "@SUM(A1)", '"\r\n=1', "\t=1"];
  const csv = figuresAsCsv({
    totals: { average: -0.5 },
    topics: hostile.map((name) => ({ name, count: 1 })),
    by_persona: hostile.map((name) => ({ instance_id: "1", name })),
    turns: Object.fromEntries(hostile.map((name) => [name, 1])),
  });
  expect(csv).toContain("totals,,average,-0.5\r\n");
  const cells = cellsOf(csv);
  expect(cells.every((row) => row.length === 4)).toBe(true);
  const words = cells.flat().filter((cell) => cell !== "-0.5");
  expect(words.filter((cell) => /^[\s"']*[=+\-@]/.test(cell) && !cell.startsWith("'"))).toEqual([]);
  for (const text of hostile) expect(words).toContain(`'${text}`);
});

/** The cells of CSV, as a spreadsheet reads them. */
function cellsOf(csv: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  for (const [, quoted, plain = "", end] of csv.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/g)) {
    row.push(quoted?.replaceAll('""', '"') ?? plain);
    if (end === ",") continue;
    rows.push(row);
    row = [];
  }
  return rows;
}

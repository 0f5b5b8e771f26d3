import { expect, it } from "vitest";
import { csvCell, csvRows } from "#console/parts/csv.ts";

it("Commas, quotes and lines stay within their cell", () => {
  expect(csvRows([["a", 'b,"c"\nd']])).toBe('a,"b,""c""\nd"\r\n');
});

it.each(["=1+1", "+1", "-1", "@SUM(A1)", "\t=1"])("%j is no formula in a spreadsheet", (text) => {
  expect(csvCell(text).replace(/^"/, "").startsWith("'")).toBe(true);
});

import { createHash } from "node:crypto";
import { DatabaseSync } from "node:sqlite";
import { describe, expect, it } from "vitest";
import { tableSteps } from "#durable-objects/tenant-workflows/tables.ts";

/** Steps that were released: objects out there have been through them. A release adds its own. */
const released = {
  steps: 7,
  digest: "a8cd346c54b4c4d5540e67458ffd5179b9d6bfce0968b4b73c5f70803e1a73b2",
};

/** What rewrites rows, or takes away what an older build reads. Without an index that one is only slower. */
const forbidden = /\bDROP\b(?!\s+INDEX\b)|\bRENAME\b|\bUPDATE\b|\bDELETE\b|\bINSERT\b[^;]*\bSELECT\b/i;

const withoutComments = (sql: string) => sql.replaceAll(/--.*/g, "");

describe("The workflow object's tables", () => {
  it("have been through released steps that never change", () => {
    const text = JSON.stringify(tableSteps.slice(0, released.steps).map(({ sql }) => sql));
    expect(createHash("sha256").update(text).digest("hex")).toBe(released.digest);
  });

  it("only expand since: an older build works on them, and no constructor rewrites a table", () => {
    const contracting = tableSteps
      .slice(released.steps)
      .filter(({ sql }) => forbidden.test(withoutComments(sql)));
    expect(contracting.map(({ mark }) => mark)).toEqual([]);
    expect(forbidden.test("INSERT INTO a (b)\nSELECT b FROM c;")).toBe(true);
  });

  it("show each step by its mark, which nothing else makes", () => {
    const database = new DatabaseSync(":memory:");
    const isThere = (mark: string) =>
      database.prepare("SELECT 1 FROM sqlite_master WHERE name = ? OR instr(sql, ?) > 0").all(mark, mark)
        .length > 0;
    for (const { sql, mark } of tableSteps) {
      expect(isThere(mark), `${mark} before its step`).toBe(false);
      database.exec(sql);
      expect(isThere(mark), mark).toBe(true);
    }
    for (const { mark } of tableSteps) expect(isThere(mark), `${mark} in the end`).toBe(true);
  });
});

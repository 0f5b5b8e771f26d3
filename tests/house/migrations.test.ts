import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { expect, it } from "vitest";

/** Statements of an SQL text, in an order of their own. */
const statements = (sql: string): string[] =>
  sql
    .replaceAll("--> statement-breakpoint", "")
    .split(";")
    .map((statement) => statement.replaceAll(/\s+/g, " ").trim())
    .filter(Boolean)
    .sort();

it("The migrations make the schema that the code has (else: npm run migrations)", () => {
  const wanted = execFileSync("node_modules/.bin/drizzle-kit", ["export"], { encoding: "utf8" });
  expect(statements(readFileSync("migrations/0000_schema.sql", "utf8"))).toEqual(statements(wanted));
});

import { expect, it } from "vitest";
import { sourceFiles } from "./imports.ts";

/** Inserts whose values stand in the order of the table's columns: a new column would shift them, or be forgotten. */
const positional = /\.insert\([^()]*\)(?:\s|\/\/[^\n]*\n)*\.select\(|\bINSERT (?:OR \w+ )?INTO \w+ (?!\()/g;

it("Inserts name their columns (drizzle's INSERT … SELECT: insertWhere, insertSelect and insertRows of src/db)", () => {
  const offenders = sourceFiles("src", "durable-objects", "workers", "scripts")
    .filter(({ path }) => !path.startsWith("src/db/"))
    .flatMap(({ path, text }) => [...text.matchAll(positional)].map(([found]) => `${path}: ${found}`));
  expect(offenders).toEqual([]);
});

import { expect, it } from "vitest";
import { sourceFiles } from "./imports.ts";

it("Two schemas of the API do not share a name: of two the document knows one", () => {
  const names = sourceFiles("src", "workers").flatMap(({ text }) =>
    [...text.matchAll(/\.openapi\("([A-Za-z]+)"/g)].map(([, name = ""]) => name),
  );
  expect(names.length).toBeGreaterThan(100);
  expect([...new Set(names.filter((name, index) => names.indexOf(name) !== index))]).toEqual([]);
});

import { existsSync, globSync } from "node:fs";
import { expect, it } from "vitest";
import { headingsOf, readDocument } from "../support/documents.ts";
import { sourceFiles } from "./imports.ts";

const files = sourceFiles("src", "workers", "durable-objects", "tests", "scripts", "bench");

it("A comment that cites a rule cites the documents, and a heading that is there", () => {
  const broken = files.flatMap(({ path, text }) =>
    [...text.matchAll(/\(((?:docs\/[\w/-]+|README)\.md)(?:#([\w-]+))?\)/g)].flatMap(
      ([, document = "", heading]) =>
        existsSync(document) &&
        (heading === undefined || headingsOf(readDocument(document)).includes(heading))
          ? []
          : [`${path}: ${document}#${heading}`],
    ),
  );
  expect(broken).toEqual([]);
});

it("A file that a comment names is there", () => {
  const ours = sourceFiles("src", "workers", "durable-objects");
  const there = globSync("**/*.{ts,mjs,md,toml}", { exclude: ["**/node_modules/**"] });
  const broken = ours.flatMap(({ path, text }) =>
    [...text.matchAll(/^\s*(?:\/\*\*|\*|\/\/).*/gm)].flatMap(([comment]) =>
      [...comment.matchAll(/`([\w./-]+\.(?:ts|mjs|md|toml))`/g)].flatMap(([, name = ""]) =>
        there.some((file) => file === name || file.endsWith(`/${name}`)) ? [] : [`${path}: ${name}`],
      ),
    ),
  );
  expect(broken).toEqual([]);
});

it("No comment cites what is not in the repository", () => {
  const elsewhere = new RegExp(`\\(${"spec"} \\d|\\bshared/${"spec"}`);
  expect(files.filter(({ text }) => elsewhere.test(text)).map(({ path }) => path)).toEqual([]);
});

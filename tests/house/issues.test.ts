import { expect, it } from "vitest";
import { sourceFiles } from "./imports.ts";

it("What zod finds wrong is told by src/kernel/issues.ts alone, which looks into unions and keys", () => {
  const tellers = sourceFiles("src", "durable-objects", "workers")
    .filter(({ path }) => path !== "src/kernel/issues.ts" && !path.startsWith("workers/sandbox/"))
    .filter(({ text }) => /error\??\.issues\.(?:map|flatMap|at)\b|error\.issues\[/.test(text))
    .map(({ path }) => path);
  expect(tellers).toEqual([]);
});

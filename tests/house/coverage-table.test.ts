import { expect, it } from "vitest";
import { coverageTable } from "#scripts/local/coverage-table.ts";

it("Coverage is told by folder, the least first, and of all lines together", () => {
  const files = [
    { path: "src/projects/a.ts", total: 10, covered: 10 },
    { path: "src/projects/deep/b.ts", total: 30, covered: 20 },
    { path: "workers/gateway/c.ts", total: 10, covered: 1 },
    { path: "src/kernel/types.ts", total: 0, covered: 0 },
  ];
  expect(coverageTable(files).split("\n")).toEqual([
    "  10.0 %  workers/gateway (1 of 10)",
    "  75.0 %  src/projects (30 of 40)",
    " 100.0 %  src/kernel (0 of 0)",
    "  62.0 %  all lines (31 of 50)",
  ]);
});

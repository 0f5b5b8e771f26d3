import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, rmSync } from "node:fs";
import { relative } from "node:path";
import { z } from "zod";
import { coverageTable } from "./local/coverage-table.ts";

/**
 * `npm run coverage [-- tests/unit/projects …]`: which lines of the Workers the tests on real bindings reach. What all of
 * them reach is held against the goal; what some do is only shown.
 */
const chosen = process.argv.slice(2);
const summary = "coverage/coverage-summary.json";
const summarySchema = z.record(
  z.string(),
  z.object({ lines: z.object({ total: z.number(), covered: z.number() }) }),
);

rmSync(summary, { force: true });
const anyShare = chosen.length > 0 ? ["--coverage.thresholds.lines=0"] : [];
const { status } = spawnSync(
  "node_modules/.bin/vitest",
  [
    "run",
    "--coverage",
    ...anyShare,
    "--project=workers*",
    "--reporter=default",
    "--reporter=./tests/support/silence.ts",
    ...chosen,
  ],
  { stdio: "inherit" },
);
if (existsSync(summary)) {
  const { total: _, ...files } = summarySchema.parse(JSON.parse(readFileSync(summary, "utf8")));
  const lines = Object.entries(files).map(([path, { lines }]) => ({
    path: relative(process.cwd(), path),
    ...lines,
  }));
  console.log(`\n${coverageTable(lines)}\n`);
}
process.exit(status ?? 1);

import { expect, it } from "vitest";
import { createLogger } from "#src/observability/logger.ts";
import type { Logs } from "#src/observability/logs.ts";

it("A logger writes lines with its service and context, from its level on, wherever logs go", () => {
  const lines: unknown[] = [];
  const logs: Logs = { write: (level, { time: _, ...line }) => void lines.push([level, line]) };
  const logger = createLogger("agents", "info", { trace_id: "t" }, logs);
  logger.debug("begun");
  logger.with({ run: "r" }).warn("late", { ms: 7 });
  expect(lines).toEqual([
    ["warn", { level: "warn", service: "agents", message: "late", trace_id: "t", run: "r", ms: 7 }],
  ]);
});

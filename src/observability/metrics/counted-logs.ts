import type { Logs } from "../logs.ts";
import type { Metrics } from "./metrics.ts";

/** The same logs, of which those of errors are counted. */
export const countedLogs = (logs: Logs, metrics: Metrics): Logs => ({
  write(level, line) {
    logs.write(level, line);
    if (level === "error") metrics.count("ai_persona_system_errors_total", { service: String(line.service) });
  },
});

import { lineText } from "./log-line.ts";
import type { Logs } from "./logs.ts";
import type { Metrics } from "./metrics/metrics.ts";
import type { Things } from "./things.ts";

/** Log lines that go to the console and are gathered besides, to be handed over; those of errors are counted. */
export const gatheredLogs = (lines: Pick<Things<string>, "record">, metrics: Metrics): Logs => ({
  write(level, line) {
    const text = lineText(line);
    console[level](text);
    lines.record(text);
    if (level === "error") metrics.count("ai_persona_system_errors_total", { service: String(line.service) });
  },
});

import { getSystemHealth, getSystemMetrics, getSystemStatus } from "#src/system/index.ts";
import { get, restRouter } from "../../rest/table.ts";

export const systemHealth = restRouter("Administration: system", [
  get("/health", getSystemHealth, "How everything is"),
  get("/status", getSystemStatus, "The status"),
  get("/metrics", getSystemMetrics, "The metrics"),
]);

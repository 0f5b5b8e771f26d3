/** The door of `system`: what other rooms may import of it. */
export { getSystemConfig } from "./configuration/get-system-config.ts";
export { tellFollowers } from "./configuration/tell-followers.ts";
export { updateSystemConfig } from "./configuration/update-system-config.ts";
export { askDependencies } from "./health/ask-dependencies.ts";
export { getHealth } from "./health/get-health.ts";
export { getSystemHealth } from "./health/get-system-health.ts";
export { listDeadLetters } from "./list-dead-letters.ts";
export { listTopics } from "./list-topics.ts";
export { listSystemLogs } from "./logs/list-system-logs.ts";
export { systemLogsSchema } from "./logs/schemas.ts";
export { consumeMaintenance, isAboutMaintenance } from "./maintenance/consume-maintenance.ts";
export { setMaintenance } from "./maintenance/set-maintenance.ts";
export { getSystemMetrics } from "./metrics/get-system-metrics.ts";
export { metricsNow } from "./metrics/metrics-now.ts";
export { queuesNow } from "./queues-now.ts";
export { redriveDeadLetter } from "./redrive-dead-letter.ts";
export { redriveDeadLetters } from "./redrive-dead-letters.ts";
export { getSystemStatus } from "./status/get-system-status.ts";

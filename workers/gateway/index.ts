import { createApp } from "./app.ts";
import type { GatewayEnv } from "./env.ts";
import { runJobs } from "./jobs.ts";

export { AccessGate } from "#durable-objects/access-gate/object.ts";
export { CircuitBreaker } from "#durable-objects/circuit-breaker/object.ts";
export { TenantHub } from "#durable-objects/tenant-hub/object.ts";
export { TenantWorkflows } from "#durable-objects/tenant-workflows/object.ts";

const app = createApp();

export default {
  fetch: app.fetch,
  scheduled: ({ scheduledTime }, env) => runJobs(env, scheduledTime),
} satisfies ExportedHandler<GatewayEnv>;

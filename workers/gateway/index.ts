import { createApp } from "./app.ts";
import type { GatewayEnv } from "./env.ts";
import { runJobs } from "./jobs.ts";

const app = createApp();

export default {
  fetch: app.fetch,
  scheduled: ({ scheduledTime }, env) => runJobs(env, scheduledTime),
} satisfies ExportedHandler<GatewayEnv>;

import { telemetryOf } from "#src/telemetry-platform.ts";
import { createApp } from "./app.ts";
import type { GatewayEnv } from "./env.ts";
import { runJobs } from "./jobs.ts";

export { SocketCalls } from "./socket-calls.ts";
export { ToolCalls } from "./tool-calls.ts";

const app = createApp();

export default {
  fetch: app.fetch,
  async scheduled({ scheduledTime }, env, ctx) {
    await runJobs(env, scheduledTime);
    telemetryOf(env).handOver.after((work) => ctx.waitUntil(work));
  },
} satisfies ExportedHandler<GatewayEnv>;

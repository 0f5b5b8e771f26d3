import { oncePerIsolate } from "#src/kernel/once-per-isolate.ts";
import type { GatewayEnv } from "#workers/gateway/env.ts";
import gateway from "#workers/gateway/index.ts";
import { count, countsFor } from "../counter.ts";
import { watchedEnv } from "../watch-bindings.ts";

const watched = oncePerIsolate((env: GatewayEnv) => watchedEnv(env));

export default {
  fetch(request, env, ctx) {
    const counts = countsFor(request);
    if (counts) return counts;
    count("workerRequests", `gateway ${request.method}`);
    return gateway.fetch(request, watched(env), ctx);
  },
} satisfies ExportedHandler<GatewayEnv>;

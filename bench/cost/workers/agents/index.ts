import { oncePerIsolate } from "#src/kernel/once-per-isolate.ts";
import agents, { type AgentsEnv } from "#workers/agents/index.ts";
import { count, countsFor } from "../counter.ts";
import { watchedEnv } from "../watch-bindings.ts";

const watched = oncePerIsolate((env: AgentsEnv) => watchedEnv(env));

export default {
  fetch: (request) => countsFor(request) ?? new Response(null, { status: 404 }),
  async queue(batch, env, ctx) {
    count("workerRequests", `agents ${batch.queue}`);
    await agents.queue(batch, watched(env), ctx);
  },
} satisfies ExportedHandler<AgentsEnv>;

import { oncePerIsolate } from "#src/kernel/once-per-isolate.ts";
import events, { type EventsEnv } from "#workers/events/index.ts";
import { count, countsFor } from "../counter.ts";
import { watchedEnv } from "../watch-bindings.ts";

const watched = oncePerIsolate((env: EventsEnv) => watchedEnv(env));

export default {
  fetch: (request) => countsFor(request) ?? new Response(null, { status: 404 }),
  async queue(batch, env, ctx) {
    count("workerRequests", `events ${batch.queue}`);
    await events.queue(batch, watched(env), ctx);
  },
} satisfies ExportedHandler<EventsEnv>;

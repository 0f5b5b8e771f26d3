import { z } from "@hono/zod-openapi";
import { streamEvents } from "#src/realtime/index.ts";
import { logStream } from "../rest/log-stream.ts";
import { get, restRouter } from "../rest/table.ts";

/** The tenant's log, for whoever listens without a WebSocket. */
export const events = restRouter("Realtime", [
  get("/", streamEvents, "Events", {
    responses: {
      200: { description: "Events", content: { "text/event-stream": { schema: z.string() } } },
    },
    answer: (c, { output }) => logStream(c, output),
  }),
]);

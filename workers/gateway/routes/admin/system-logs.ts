import { z } from "@hono/zod-openapi";
import { listSystemLogs, systemLogsSchema } from "#src/system/index.ts";
import { json } from "../../rest/answer.ts";
import { eventStream, heartbeat } from "../../rest/event-stream.ts";
import { get, restRouter } from "../../rest/table.ts";

export const systemLogs = restRouter("Administration: system", [
  get("/logs", listSystemLogs, "Log lines", {
    responses: {
      200: {
        description: "Log lines; with `follow=true` as they come",
        content: {
          "application/json": { schema: systemLogsSchema },
          "text/event-stream": { schema: z.string() },
        },
      },
    },
    answer: (c, { output }) =>
      "logs" in output
        ? json(c, output)
        : eventStream(c, output, (stream, frame) =>
            frame.type === "quiet"
              ? heartbeat(stream, frame.seq)
              : stream.writeSSE({ id: String(frame.seq), event: "log", data: JSON.stringify(frame.entry) }),
          ),
  }),
]);

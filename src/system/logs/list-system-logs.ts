import { z } from "@hono/zod-openapi";
import { decodeCursor, encodeCursor } from "#src/http/cursor.ts";
import { operation } from "#src/operation/operation.ts";
import { followLogs, type LogFrame } from "./follow-logs.ts";
import { filterOf, logEntry } from "./log-entry.ts";
import { type SystemLogs, systemLogsQuery } from "./schemas.ts";

const heartbeatMs = 15_000;

const position = z.number().int().positive();

export const listSystemLogs = operation({
  name: "listSystemLogs",
  summary: "The last lines that all Workers and objects have logged",
  description:
    "The latest first, of at least the last 50 000; a line is here some seconds after it was logged. With `follow=true` " +
    "those that come from now on, as server-sent events `log` with a number as id; `Last-Event-ID` resumes after one. " +
    "A comment every 15 s keeps the connection; it ends with the session.",
  input: z.object({
    query: systemLogsQuery,
    headers: z.object({ "last-event-id": z.coerce.number().int().nonnegative().optional() }),
  }),
  /** The lines; or, where they are followed, those to come. Whoever hands those on ends them with the session. */
  output: z.custom<SystemLogs | AsyncGenerator<LogFrame>>(),
  run: async ({ objects }, _actor, { query, headers }) => {
    const ring = objects.logs();
    const filter = filterOf(query);
    if (query.follow === "true") return followLogs(ring, filter, headers["last-event-id"], heartbeatMs);
    const { cursor, limit, service, level } = query;
    const before = cursor === undefined ? undefined : decodeCursor(cursor, position);
    const lines = await ring.read(filter, { before, limit: limit + 1 });
    const kept = lines.slice(0, limit);
    const next = lines.length > limit ? kept.at(-1) : undefined;
    return {
      logs: kept.map(({ line }) => logEntry(line)),
      total: kept.length,
      next_cursor: next ? encodeCursor(next.seq) : null,
      query: { service, level, limit },
    };
  },
});

import { z } from "@hono/zod-openapi";
import { cursorQuery } from "#src/http/cursor.ts";
import { pageOf, pageRequest } from "#src/http/page.ts";
import { operation } from "#src/operation/operation.ts";
import { instanceParams, visibleInstance } from "#src/personas/index.ts";
import { logLines, logPages } from "./log-lines.ts";
import { logsSchema } from "./schemas.ts";

export const listLogsOfInstance = operation({
  name: "listLogsOfInstance",
  summary:
    "Log lines of the instance's runs, newest first: runs begun and ended, every attempt of every task",
  input: z.object({ params: instanceParams, query: cursorQuery() }),
  output: logsSchema,
  refusals: ["NOT_FOUND"],
  run: async ({ db, history }, actor, { params, query }) => {
    const instance = await visibleInstance(db, actor, params.instance_id);
    const rowsOfLines = await history.logOf(instance, logPages(pageRequest(query)));
    const { rows, nextCursor } = pageOf(logLines(rowsOfLines), query.limit, ({ position }) => position);
    return { logs: rows.map(({ line }) => line), count: rows.length, next_cursor: nextCursor };
  },
});

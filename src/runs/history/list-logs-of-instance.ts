import { z } from "@hono/zod-openapi";
import { cursorQuery } from "#src/http/cursor.ts";
import { pageOf, pageRequest } from "#src/http/page.ts";
import { operation } from "#src/operation/operation.ts";
import { instanceParams, visibleInstance } from "#src/personas/index.ts";
import { logLines } from "./log-lines.ts";
import { logSources } from "./run-history-repository.ts";
import { logsSchema } from "./schemas.ts";

export const listLogsOfInstance = operation({
  name: "listLogsOfInstance",
  summary:
    "Log lines of the instance's runs, newest first: runs begun and ended, every attempt of every task",
  input: z.object({ params: instanceParams, query: cursorQuery() }),
  output: logsSchema,
  refusals: ["NOT_FOUND"],
  run: async ({ db }, actor, { params, query }) => {
    const instance = await visibleInstance(db, actor, params.instance_id);
    const page = pageRequest(query);
    const sources = await db.batch(logSources(db, instance, page));
    const { rows, nextCursor } = pageOf(logLines(...sources), page.limit, ({ position }) => position);
    return { logs: rows.map(({ line }) => line), count: rows.length, next_cursor: nextCursor };
  },
});
